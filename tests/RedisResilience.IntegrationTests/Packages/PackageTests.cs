using System.Xml.Linq;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>What ships is what was tested: the packages, looked into and used as a stranger would.</summary>
internal sealed class PackageTests
{
    private readonly PackedProjects _packed = SharedPackages.Packed;

    [Test]
    public void PackedProjects_HaveSymbols() => Assert.That(
        Directory.GetFiles(_packed.Folder).Select(Path.GetFileName),
        Is.EquivalentTo(
            PackedProjects.Names.SelectMany(name => new[] { $"{name}.{_packed.Version}.nupkg", $"{name}.{_packed.Version}.snupkg" })
                .Append($"{PackedProjects.Templates}.{_packed.Version}.nupkg")));

    [TestCaseSource(typeof(PackedProjects), nameof(PackedProjects.Names))]
    [TestCase(PackedProjects.Templates)]
    public void Package_SaysWhatItIs(string name)
    {
        var manifest = _packed.Manifest(name);
        XElement? Find(string element) => manifest.Element(manifest.Name.Namespace + element);

        Assert.That(Find("id")?.Value, Is.EqualTo(name));
        Assert.That(Find("license")?.Attribute("type")?.Value, Is.EqualTo("expression"));
        Assert.That(Find("license")?.Value, Is.EqualTo("MIT"));
        Assert.That(Find("readme")?.Value, Is.EqualTo("README.md"));
        Assert.That(Find("icon")?.Value, Is.EqualTo("icon.png"));
        Assert.That(Find("releaseNotes")?.Value, Does.StartWith("## ").And.Contain("\n- ").And.Not.Contain("]("));
        Assert.That(Find("projectUrl")?.Value, Is.EqualTo(PackedProjects.Repository));
        Assert.That(Find("repository")?.Attribute("url")?.Value, Is.EqualTo(PackedProjects.Repository));
        Assert.That(Find("description")?.Value, Does.Contain("Redis"));
        Assert.That(Find("tags")?.Value, Is.Not.Empty);
    }

    [TestCaseSource(typeof(PackedProjects), nameof(PackedProjects.Names))]
    public void Package_HoldsTheLibraryItsDocumentationAndItsSymbols(string name)
    {
        using var package = _packed.Open(name);
        using var symbols = _packed.Open(name, "snupkg");

        Assert.That(package.Entries.Select(
            entry => entry.FullName), Is.SupersetOf(new[] { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md" }));
        Assert.That(package.GetEntry("icon.png")!.Length, Is.LessThan(64 * 1024));
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());

        // Of its own, and without links: there is nothing beside it on a package page.
        Assert.That(reader.ReadToEnd(), Does.StartWith($"# {name}\n").And.Not.Contain("]("));
        Assert.That(symbols.Entries.Select(entry => entry.FullName), Has.Member($"lib/net10.0/{name}.pdb"));
    }

    [TestCase(
        "RedisResilience", "StackExchange.Redis", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "Microsoft.Extensions.Options.ConfigurationExtensions",
        "Microsoft.Extensions.Caching.Memory", "Microsoft.Extensions.Diagnostics.HealthChecks",
        "Microsoft.Extensions.Hosting.Abstractions", "BitFaster.Caching", "System.IO.Hashing")]
    [TestCase("RedisResilience.AspNetCore", "RedisResilience")]
    [TestCase("RedisResilience.Dashboard", "RedisResilience", "RedisResilience.AspNetCore")]
    [TestCase("RedisResilience.Http", "RedisResilience", "Microsoft.Extensions.Http")]
    [TestCase("RedisResilience.OpenTelemetry", "RedisResilience", "OpenTelemetry.Api")]
    [TestCase("RedisResilience.Mongo", "RedisResilience", "MongoDB.Driver", "Microsoft.Extensions.Hosting.Abstractions")]
    public void Package_DependsOnNoMoreThanItNeeds(string name, params string[] expected) =>
        Assert.That(_packed.Dependencies(name).Keys, Is.EquivalentTo(expected));

    [TestCase("RedisResilience.AspNetCore")]
    [TestCase("RedisResilience.Dashboard")]
    [TestCase("RedisResilience.Http")]
    [TestCase("RedisResilience.Mongo")]
    [TestCase("RedisResilience.OpenTelemetry")]
    public void Package_NeedsTheCoreOfItsOwnVersion(string name) =>
        Assert.That(_packed.Dependencies(name)["RedisResilience"], Is.EqualTo(_packed.Version));

    [Test]
    public async Task ConsoleApp_RestoresThePackagesAndIsAllowed()
    {
        using var app = new TemporaryFolder();
        await ConsumerApp.WriteAsync(
            app,
            _packed,
            "Microsoft.NET.Sdk",
            ["RedisResilience", "RedisResilience.Mongo"],
            """
            using Microsoft.Extensions.DependencyInjection;
            using RedisResilience.RateLimiting;

            foreach (var address in new[] { null, "127.0.0.1:1" })
            {
                await using var services = new ServiceCollection().AddRedisResilience(address).Services.BuildServiceProvider();
                var limiter = services.GetRequiredService<IRateLimiter>();
                var decision = await limiter.AcquireAsync("key", RateLimit.FixedWindow(1, TimeSpan.FromHours(1)));
                Console.WriteLine($"{address ?? "none"}: {(decision.IsAllowed ? "allowed" : "denied")}");
            }

            Console.WriteLine(typeof(RedisResilience.Mongo.RedisResilienceMongoOptions).Assembly.GetName().Name);
            """);

        var output = await ConsumerApp.RunAsync(app);

        Assert.That(output.ReplaceLineEndings("\n"), Is.EqualTo("none: allowed\n127.0.0.1:1: allowed\nRedisResilience.Mongo\n"));
    }

    [Test]
    public async Task WebApp_RestoresThePackageAndAnswers()
    {
        using var app = new TemporaryFolder();
        await ConsumerApp.WriteAsync(
            app,
            _packed,
            "Microsoft.NET.Sdk.Web",
            ["RedisResilience.AspNetCore"],
            """
            var builder = WebApplication.CreateBuilder(args);
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.AddRedisResilience("127.0.0.1:1").AddHttp();
            builder.Services.AddHealthChecks().AddRedisResilience();
            await using var app = builder.Build();
            app.UseRedisResilience();
            app.MapGet("/{name}", (string name) => Results.Json(name)).RequireRateLimit().CacheResponse("hello:{name}");
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            using var response = await client.GetAsync("/world");
            var policies = string.Join(',', response.Headers.GetValues("RateLimit-Policy"));
            Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()} {policies}");
            """);

        var output = await ConsumerApp.RunAsync(app);

        Assert.That(output.Trim(), Is.EqualTo("""200 "world" "default";q=100;w=3600"""));
    }
}
