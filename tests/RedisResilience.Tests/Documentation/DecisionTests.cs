using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RedisResilience.Tests.Documentation;

/// <summary>Each record says whether it holds and since when, and the index lists all of them. With REDISRESILIENCE_WRITE=1 the index is
/// written anew.</summary>
internal sealed partial class DecisionTests
{
    private const string Folder = "docs/decisions/";

    private static readonly MarkdownPage[] Records =
        [.. MarkdownPage.All.Where(page => page.Name.StartsWith(Folder, StringComparison.Ordinal) && page.Name != Folder + "README.md")];

    [TestCaseSource(nameof(Records))]
    public void EveryRecord_HasItsNumberItsStatusAndItsDate(MarkdownPage record)
    {
        Assert.That(record.Lines[0], Does.StartWith($"# {Number(record)}. "));
        Assert.That(record.Lines[2], Does.Match(Status()));
    }

    [Test]
    public void EveryRecord_StandsInTheIndex()
    {
        var index = new StringBuilder();
        foreach (var record in Records)
        {
            var title = record.Lines[0][(record.Lines[0].IndexOf(' ', 2) + 1)..];
            index.Append(CultureInfo.InvariantCulture, $"- [{Number(record)}]({record.Name[Folder.Length..]}) · ")
                .Append(CultureInfo.InvariantCulture, $"{record.Lines[2]["Status: ".Length..]}\n  {title}\n");
        }

        var page = Path.Combine(Repository.Root, Folder, "README.md");
        var text = File.ReadAllText(page).ReplaceLineEndings("\n");
        var start = text.IndexOf("- [", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("REDISRESILIENCE_WRITE") == "1")
        {
            File.WriteAllText(page, text[..start] + index);
            return;
        }

        Assert.That(text[start..], Is.EqualTo(index.ToString()), "REDISRESILIENCE_WRITE=1 writes the index.");
    }

    private static int Number(MarkdownPage record) => int.Parse(record.Name.AsSpan(Folder.Length, 4), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Status: (accepted|superseded by \d+) · \d{4}-\d\d-\d\d$")]
    private static partial Regex Status();
}
