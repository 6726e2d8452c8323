using System.Text.RegularExpressions;

namespace RedisResilience.Tests.Documentation;

/// <summary>Whoever reads a figure can measure it: each part of a page with a table of figures names the command that prints
/// them.</summary>
internal sealed partial class FigureTests
{
    private static readonly string Commands =
        File.ReadAllText(Path.Combine(Repository.Root, "benchmarks", "RedisResilience.Benchmarks", "Command.cs"));

    private static readonly MarkdownPage[] Pages = [.. new[]
    {
        "README.md", "docs/performance.md", "docs/resilience.md", "docs/scale.md", "docs/internals/performance.md",
    }.Select(name => Array.Find(MarkdownPage.All, page => page.Name == name)!)];

    [TestCaseSource(nameof(Pages))]
    public void EveryTableOfFigures_NamesItsCommand(MarkdownPage page)
    {
        var parts = Part().Split(string.Join('\n', page.Lines));
        var measured = parts.Where(part => Figure().IsMatch(part) && !part.StartsWith("Options\n", StringComparison.Ordinal)).ToArray();

        Assert.That(measured, Is.Not.Empty);
        Assert.That(measured.Where(part => !Command().Matches(part).Any(IsKnown)).Select(part => part.Split('\n')[0]), Is.Empty);
    }

    [Test]
    public void Comparison_NamesTheCommandsOfItsFigures()
    {
        var page = string.Join('\n', Array.Find(MarkdownPage.All, page => page.Name == "docs/comparison.md")!.Lines);

        Assert.That(page, Does.Match(@"\d (ns|µs|ms)\b"));
        Assert.That(
            from command in Command().Matches(page) where IsKnown(command) select command.Groups[1].Value + command.Groups[2].Value,
            Is.SupersetOf(new[] { "outages", "limiter-peers", "cache-http" }));
    }

    private static bool IsKnown(Match command) =>
        command.Value.StartsWith("dotnet test", StringComparison.Ordinal)
        || Commands.Contains($"new(\"{command.Groups[1].Value}{command.Groups[2].Value}\"", StringComparison.Ordinal);

    // A cell with a time or a rate.
    [GeneratedRegex(@"^\|.*\d (ns|µs|ms)\b.*\|$|^\|.*(calls|requests)/s.*\|$", RegexOptions.Multiline)]
    private static partial Regex Figure();

    [GeneratedRegex(@"dotnet test\b|`(?:-- )?([a-z-]+)`|-- ([a-z-]+)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Part();
}
