using System.Text.RegularExpressions;

namespace RedisResilience.Tests.Documentation;

/// <summary>What a page names in code exists: options, types and members, and the tests that hold a guarantee.</summary>
internal sealed partial class NamesInPagesTests
{
    /// <summary>A record of a decision says what was true on its day, and the changelog what was true in its version.</summary>
    private static readonly MarkdownPage[] Pages =
    [
        .. MarkdownPage.All.Where(
            page => !page.Name.StartsWith("docs/decisions/", StringComparison.Ordinal) && page.Name != "CHANGELOG.md"),
    ];

    private static readonly HashSet<string> Words =
    [
        .. Sources("src", "samples", "tests", "benchmarks").SelectMany(WordsOf),
        "FullyQualifiedName", "PublicAPI", "Unshipped", "UseForwardedHeaders",     // names of the platform
    ];

    private static readonly string[] Tests = [.. Sources("tests").Select(File.ReadAllText)];

    [TestCaseSource(nameof(Pages))]
    public void EveryName_IsInTheCode(MarkdownPage page)
    {
        var names = page.Prose.SelectMany(line => Span().Matches(line)).SelectMany(span => Name().Matches(span.Groups[1].Value))
            .SelectMany(name => name.Value.Split('.')).Distinct();

        Assert.That(names.Where(name => !Words.Contains(name)), Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void EveryTestThatHoldsAGuarantee_Exists(MarkdownPage page)
    {
        var tests = page.Prose.SelectMany(line => Test().Matches(line)).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

        Assert.That(tests.Where(test => !Exists(test.Item1, test.Item2)), Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void EveryGuarantee_NamesATest(MarkdownPage page)
    {
        var rows = page.Prose.SkipWhile(line => line != "## Guarantees").Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith('|')).Skip(2);

        Assert.That(rows.Where(row => !Test().IsMatch(row)), Is.Empty);
    }

    private static bool Exists(string type, string method) => Array.Exists(Tests, source =>
        Regex.IsMatch(source, $@"\bclass {type}\b") && (method.Length == 0 || Regex.IsMatch(source, $@"\b{method}(<\w+>)?\(")));

    private static IEnumerable<string> WordsOf(string path) =>
        Word().Matches(File.ReadAllText(path)).SelectMany(match => match.Value.Split('_').Prepend(match.Value));

    private static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !Built().IsMatch(path.Replace('\\', '/')));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    // Names of C# with two capitals or more: words like Date, and commands like GET, are others' names.
    [GeneratedRegex(@"(?<![\w/:.-])[A-Z]\w*[a-z]\w*[A-Z]\w*(\.[A-Z]\w*)*(?![\w/:-])")]
    private static partial Regex Name();

    [GeneratedRegex(@"`(\w+(?:Tests|Contract|Properties))(?:\.(\w+))?`")]
    private static partial Regex Test();

    [GeneratedRegex(@"\b[A-Z]\w+")]
    private static partial Regex Word();

    [GeneratedRegex("/(bin|obj|node_modules)/")]
    private static partial Regex Built();
}
