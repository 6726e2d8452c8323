using System.Net.Http.Json;
using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>What a newcomer pastes from the README and from the guide builds against the packages, runs, and prints what the page
/// says.</summary>
internal sealed class GuideTests
{
    private const string First = "README.md";

    // What the first chapter has added, and the others go on with.
    private static readonly string[] Added = ["RedisResilience.AspNetCore", "RedisResilience.Dashboard"];

    private static IEnumerable<string> Chapters => Directory
        .EnumerateFiles(Path.Combine(PackedProjects.Metadata("RepositoryRoot"), "docs", "guide"), "*.md")
        .Select(path => Path.GetFileName(path))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Chapters))]
    public async Task EveryStepOfAChapter_PrintsWhatThePageSays(string chapter)
    {
        ProgramPath.Find("curl");
        await using var reader = new GuideReader(chapter == First ? [] : Added);
        foreach (var block in GuideBlock.Read("docs", "guide", chapter))
        {
            await reader.FollowAsync(block);
        }

        await reader.EndAsync();
    }

    [TestCaseSource(nameof(Chapters))]
    public void Chapter_HasAProgram(string chapter) => Assert.That(
        GuideBlock.Read("docs", "guide", chapter).Select(block => block.Language), Does.Contain("csharp"));

    [Test]
    public async Task ProgramOfTheReadme_LimitsAndCaches()
    {
        var code = GuideBlock.Read("README.md").First(block => block.Language == "csharp").Text;
        await using var redis = await TestServer.StartAsync(ServerKind.Redis);
        using var folder = new TemporaryFolder();
        var port = FreePort.Next();
        await using var program = await WebProgram.StartAsync(
            folder, ["RedisResilience.AspNetCore"], code, port, redis.ConnectionString);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var answer = await client.GetFromJsonAsync<JsonElement>("/hello/world");
        using var counted = await client.GetAsync("/hello/world");

        Assert.That(answer.GetProperty("hello").GetString(), Is.EqualTo("world"));
        Assert.That(counted.Headers.GetValues("RateLimit").Single(), Does.StartWith("\"default\";r=98"));

        // A response is sent before it is stored.
        await Until.TrueAsync(
            async () => (await client.GetAsync("/hello/world")).Headers.GetValues("Cache-Status").Single()
                .StartsWith("RedisResilience; hit", StringComparison.Ordinal),
            () => "No response comes from the cache.");
        Assert.That(await client.GetStringAsync("/health"), Is.EqualTo("Healthy"));
    }
}
