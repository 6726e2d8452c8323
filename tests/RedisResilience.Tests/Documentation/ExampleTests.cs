namespace RedisResilience.Tests.Documentation;

/// <summary>What the pages tell people to write compiles: each paragraph of C# stands, line by line, in one of the files beside this
/// one.</summary>
internal sealed class ExampleTests
{
    private static readonly string[] Compiled = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests", "RedisResilience.Tests", "Documentation"), "*Examples.cs")
        .Select(path => Normalize(File.ReadLines(path)))
        .ToArray();

    // The README and the guide are whole programs: the tests of the packages build and run them. The page on operating
    // names packages that the library does not depend on.
    private static readonly string[] Pages =
        ["docs/adapters.md", "docs/caching.md", "docs/configuration.md", "docs/dashboard.md", "docs/http.md", "docs/local-answers.md",
            "docs/local-tier.md", "docs/middleware-order.md", "docs/migrating.md", "docs/mongo.md", "docs/mvc.md",
            "docs/outgoing.md", "docs/observability.md", "docs/rate-limiting.md", "docs/testing.md",
            "src/RedisResilience/README.md", "src/RedisResilience.AspNetCore/README.md", "src/RedisResilience.Dashboard/README.md",
            "src/RedisResilience.Http/README.md", "src/RedisResilience.Mongo/README.md", "src/RedisResilience.OpenTelemetry/README.md"];

    [TestCaseSource(nameof(Pages))]
    public void EveryExample_IsCompiled(string page)
    {
        var paragraphs = Paragraphs(File.ReadLines(Path.Combine(Repository.Root, page))).ToArray();

        Assert.That(paragraphs, Is.Not.Empty);
        Assert.That(paragraphs.Where(paragraph => !Compiled.Any(file => file.Contains(paragraph, StringComparison.Ordinal))), Is.Empty);
    }

    private static IEnumerable<string> Paragraphs(IEnumerable<string> lines)
    {
        var isExample = false;
        var paragraph = new List<string>();
        foreach (var line in lines)
        {
            var isFence = line.StartsWith("```", StringComparison.Ordinal);
            if (isExample && !isFence && line.Length > 0)
            {
                paragraph.Add(line);
            }
            else if (paragraph.Count > 0)
            {
                yield return Normalize(paragraph);
                paragraph.Clear();
            }

            isExample = isFence ? line == "```csharp" : isExample;
        }
    }

    private static string Normalize(IEnumerable<string> lines) =>
        string.Concat(lines.Select(line => line.Trim()).Where(line => line.Length > 0).Select(line => line + "\n"));
}
