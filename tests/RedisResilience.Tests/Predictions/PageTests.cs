using System.Net;

namespace RedisResilience.Tests.Predictions;

/// <summary>The page's own words about the code behind it.</summary>
public sealed class PageTests
{
    private static readonly string Sample = Path.Combine(Repository.Root, "samples", "Predictions");

    [Test]
    public void CodeOnThePage_IsTheCodeBehindIt()
    {
        var page = File.ReadAllText(Path.Combine(Sample, "Page", "index.html"));
        var shown = WebUtility.HtmlDecode(
            page.Split("<code id=\"code\">")[1].Split("</code>")[0]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var code = Directory.EnumerateFiles(
            Sample, "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("obj", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Select(line => line.Trim()).ToHashSet(StringComparer.Ordinal);

        Assert.That(shown, Has.Length.InRange(8, 16));
        Assert.That(shown.Where(line => !code.Contains(line.Trim())), Is.Empty);
    }

    [Test]
    public void Page_HasNothingFromElsewhereAndNothingInline() => Assert.That(
        string.Concat(Directory.EnumerateFiles(Path.Combine(Sample, "Page")).Select(File.ReadAllText)).Replace(
        "http://www.w3.org/2000/svg", "", StringComparison.Ordinal),
        Does.Not.Match("https?://|<style|<script>|style=|\\son[a-z]+=|innerHTML"));
}
