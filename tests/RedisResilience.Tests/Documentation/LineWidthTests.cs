namespace RedisResilience.Tests.Documentation;

/// <summary>A page can be read where it is written: no line is wider than a terminal or a review beside another one.</summary>
internal sealed class LineWidthTests
{
    private const int Columns = 120;

    [TestCaseSource(typeof(MarkdownPage), nameof(MarkdownPage.All))]
    public void EveryLine_FitsIn120Columns(MarkdownPage page) =>
        Assert.That(page.Lines.Where(line => line.Length > Columns), Is.Empty);
}
