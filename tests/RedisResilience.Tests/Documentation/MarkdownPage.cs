using System.Text;
using System.Text.RegularExpressions;

namespace RedisResilience.Tests.Documentation;

/// <summary>A page of the repository, by its path from the root.</summary>
internal sealed partial class MarkdownPage(string name)
{
    /// <summary>Every page that people write. Packages and builds bring others along.</summary>
    public static MarkdownPage[] All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Below("docs")).Concat(Below("samples"))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(name => !Foreign().IsMatch(name))
            .Order(StringComparer.Ordinal)
            .Select(name => new MarkdownPage(name)),
    ];

    public string Name { get; } = name;

    public string[] Lines { get; } = File.ReadAllLines(Path.Combine(Repository.Root, name));

    /// <summary>The lines that are no code.</summary>
    public IEnumerable<string> Prose
    {
        get
        {
            var isCode = false;
            foreach (var line in Lines)
            {
                var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
                isCode ^= isFence;
                if (!isCode && !isFence)
                {
                    yield return line;
                }
            }
        }
    }

    /// <summary>What a link may have behind its #, as GitHub and docfx make it from the headings.</summary>
    public IEnumerable<string> Anchors => Prose.Where(line => Heading().IsMatch(line)).Select(line => Anchor(Heading().Replace(line, "")));

    public override string ToString() => Name;

    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var letter in heading.Trim().ToLowerInvariant())
        {
            anchor.Append(char.IsLetterOrDigit(letter) || letter is '_' or '-' ? letter.ToString() : letter == ' ' ? "-" : "");
        }

        return anchor.ToString();
    }

    private static IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories);

    [GeneratedRegex("^#{1,6} ")]
    private static partial Regex Heading();

    [GeneratedRegex("(^|/)(bin|obj|node_modules|_site|api)/")]
    private static partial Regex Foreign();
}
