using System.Text.RegularExpressions;

namespace RedisResilience.Tests.Documentation;

/// <summary>Every link within the repository leads to a file, and to a heading of it where it names one.</summary>
internal sealed partial class LinkTests
{
    [TestCaseSource(typeof(MarkdownPage), nameof(MarkdownPage.All))]
    public void EveryLink_LeadsSomewhere(MarkdownPage page)
    {
        var links = page.Prose.SelectMany(line => Link().Matches(line)).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

        Assert.That(links.Where(target => !LeadsSomewhere(page, target)), Is.Empty);
    }

    private static bool LeadsSomewhere(MarkdownPage page, string target)
    {
        var parts = target.Split('#');
        var folder = Path.GetDirectoryName(page.Name)!;
        var path = parts[0].Length == 0 ? page.Name : Path.GetRelativePath(
            Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, folder, parts[0]))).Replace('\\', '/');
        var absolute = Path.Combine(Repository.Root, path);
        if (parts.Length == 1)
        {
            return File.Exists(absolute) || Directory.Exists(absolute);
        }

        return Array.Find(MarkdownPage.All, other => other.Name == path) is { } found && found.Anchors.Contains(parts[1]);
    }

    // The target of [text](target), without a title behind it. A text may hold code.
    [GeneratedRegex(@"\]\(([^)\s]+)[^)]*\)")]
    private static partial Regex Link();
}
