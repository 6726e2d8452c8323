using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>The packages that this repository makes, made once, under a version that no cache knows.</summary>
internal sealed class PackedProjects : IDisposable
{
    public static readonly string[] Names =
    [
        "RedisResilience", "RedisResilience.AspNetCore", "RedisResilience.Dashboard", "RedisResilience.Http", "RedisResilience.Mongo",
        "RedisResilience.OpenTelemetry",
    ];

    /// <summary>The package that has no library.</summary>
    public const string Templates = "RedisResilience.Templates";

    /// <summary>Where the packages say that they are from: whoever publishes tells it in the environment.</summary>
    public const string Repository = "https://repository.example/redis-resilience";

    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder["packages"];

    public string Version { get; } = $"0.1.0-t{Guid.NewGuid():N}";

    public async Task PackAsync()
    {
        foreach (var name in Names.Append(Templates))
        {
            // Into artifacts of its own: the build that runs this test is not to be disturbed.
            await DotnetCommand.RunAsync(
                new Dictionary<string, string> { ["PACKAGE_REPOSITORY_URL"] = Repository, ["PACKAGE_PROJECT_URL"] = Repository },
                Path.Combine(Metadata("RepositoryRoot"), "src", name),
                "pack", "--nologo", "--disable-build-servers", "-o", Folder, "--artifacts-path", _folder["artifacts"],
                    $"-p:Version={Version}", "-p:RunAnalyzers=false");
        }
    }

    /// <summary>What the build has told this assembly.</summary>
    public static string Metadata(string key) =>
        typeof(PackedProjects).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    public ZipArchive Open(string name, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{name}.{Version}.{extension}"));

    /// <summary>What a package says of itself.</summary>
    public XElement Manifest(string name)
    {
        using var package = Open(name);
        using var stream = package.GetEntry($"{name}.nuspec")!.Open();
        var manifest = XElement.Load(stream);
        return manifest.Element(manifest.Name.Namespace + "metadata")!;
    }

    /// <summary>The names and versions of what a package needs.</summary>
    public IReadOnlyDictionary<string, string> Dependencies(string name)
    {
        var manifest = Manifest(name);
        return manifest.Descendants(manifest.Name.Namespace + "dependency")
            .ToDictionary(dependency => dependency.Attribute("id")!.Value, dependency => dependency.Attribute("version")!.Value);
    }

    public void Dispose() => _folder.Dispose();
}
