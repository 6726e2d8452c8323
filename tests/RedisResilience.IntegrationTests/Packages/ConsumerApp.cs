using System.Xml.Linq;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>An empty app of somebody else's, who has found the packages on a feed.</summary>
internal static class ConsumerApp
{
    public static async Task WriteAsync(TemporaryFolder folder, PackedProjects packed, string sdk, string[] packages, string program)
    {
        // What is not ours comes from where this build has it already, and what is ours is kept away from there.
        var project = new XElement(
            "Project",
            new XAttribute("Sdk", sdk),
            new XElement(
                "PropertyGroup",
                new XElement("OutputType", "Exe"),
                new XElement("TargetFramework", "net10.0"),
                new XElement("ImplicitUsings", "enable"),
                new XElement("Nullable", "enable"),
                new XElement("TreatWarningsAsErrors", "true"),
                new XElement("NuGetAudit", "false"),
                new XElement("RestoreAdditionalProjectSources", packed.Folder),
                new XElement("RestorePackagesPath", folder["restored"]),
                new XElement("RestoreFallbackFolders", PackedProjects.Metadata("PackagesFolder"))),
            new XElement(
                "ItemGroup",
                packages.Select(name => Reference(name, packed.Version)),
                sdk.EndsWith("Web", StringComparison.Ordinal) ? null : Reference("Microsoft.Extensions.DependencyInjection", packed
                    .Dependencies("RedisResilience")["Microsoft.Extensions.DependencyInjection.Abstractions"])));
        await File.WriteAllTextAsync(folder["Consumer.csproj"], project.ToString());
        await File.WriteAllTextAsync(folder["Program.cs"], program);
    }

    public static Task BuildAsync(TemporaryFolder folder) =>
        DotnetCommand.RunAsync(folder.Path, "build", "--nologo", "--disable-build-servers", "-v", "quiet", "-o", folder["out"]);

    /// <summary>What makes the SDK find the packages that were just packed, for a project that was not written here.</summary>
    public static string[] Sources(TemporaryFolder folder, PackedProjects packed) =>
    [
        $"-p:RestoreAdditionalProjectSources={packed.Folder}",
        $"-p:RestorePackagesPath={folder["restored"]}",
        $"-p:RestoreFallbackFolders={PackedProjects.Metadata("PackagesFolder")}",
        "-p:NuGetAudit=false",
    ];

    /// <summary>What the app says.</summary>
    public static async Task<string> RunAsync(TemporaryFolder folder)
    {
        await BuildAsync(folder);
        return await DotnetCommand.RunAsync(folder.Path, "exec", Path.Combine("out", "Consumer.dll"));
    }

    private static XElement Reference(string name, string version) =>
        new("PackageReference", new XAttribute("Include", name), new XAttribute("Version", version));
}
