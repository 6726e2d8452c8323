using System.Globalization;
using Microsoft.Playwright;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.IntegrationTests.Sample;

namespace RedisResilience.BrowserTests.Sample;

/// <summary>The sample's page, as a person who evaluates the library uses it.</summary>
internal sealed class SamplePageTests
{
    private const string Ours = "#lanes .lane:nth-child(1)";
    // A cold start on a busy machine may take longer than a call waits, and what is asked then is not counted.
    private static readonly (string, string)[] Patient =
        [("RedisResilience:CommandDeadline", "00:00:10"), ("RedisResilience:MaximumCommandDeadline", "00:00:10")];

    private const string Theirs = "#lanes .lane:nth-child(2)";

    [Test]
    public async Task RedisKilledThroughThePage_LeavesOurLineFlat([Values("kill", "freeze")] string deed)
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var page = await WatchedPage.OpenAsync(sample.Address);
        await page.UntilAsync("document.querySelectorAll('circle.cache').length > 60");

        await page.Find($"#{deed}").ClickAsync();
        await page.UntilAsync("document.querySelector('#redis').dataset.state === 'unavailable'");
        await page.UntilAsync($"document.querySelectorAll('{Ours} circle.source').length > 60");
        await page.UntilAsync($"document.querySelectorAll('{Theirs} circle').length > 0");
        await page.Find("#one").ClickAsync();
        await page.UntilAsync("document.querySelector('#response').innerText.includes('Redis is away')");
        await page.PictureAsync(deed == "kill" ? "sample" : "sample-frozen");
        await page.Find("#quote").ClickAsync();
        await page.UntilAsync("document.querySelector('#quotes').innerText.includes(' answers in')");
        Assert.That(await page.TextAsync("#quotes"), Does.Contain("Redis is away").And.Not.Contain("failed"));

        Assert.That(await page.Find($"{Ours} circle.failed").CountAsync(), Is.Zero, "nobody of ours has failed");
        var (ours, theirs) = (await SlowestAsync(page, Ours), await SlowestAsync(page, Theirs));
        TestContext.Out.WriteLine($"slowest of ours {ours} ms, of the other's {theirs} ms");
        Assert.That(ours, Is.LessThan(theirs));

        await page.Find("#restart").ClickAsync();
        await page.UntilAsync("document.querySelector('#server-said').textContent.includes('picked up by itself')");
        await page.UntilAsync("document.querySelector('#redis').dataset.state === 'available'");

        // The quotes that the other side's limit had no room for.
        Assert.That(page.Complaints.Where(complaint => !complaint.Contains("429", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Buttons_TellInWordsWhatHappened()
    {
        await using var sample = await PredictionsProcess.Start(null, Patient).StartedAsync();
        await using var page = await WatchedPage.OpenAsync(sample.Address);
        await page.UntilAsync("document.querySelector('#response').innerText.includes('the source has answered')");
        Assert.That(await page.TextAsync("#chart-caption"), Does.StartWith("AAPL: 223.02 in 2010-03; expected"));
        Assert.That(await page.Find("#chart path").CountAsync(), Is.EqualTo(3));

        await page.UntilAsync("document.querySelector('#keys').innerText.includes('predictions:v1:AAPL')");
        await page.Find("#one").ClickAsync();
        await page.UntilAsync("document.querySelector('#response').innerText.includes('Redis had it')");
        Assert.That(await page.TextAsync("#response"), Does.Contain("97 of 100 requests left").And.Contain("ETag:"));

        await page.Find("#quote").ClickAsync();
        await page.UntilAsync("document.querySelector('#quotes').innerText.includes('20 answers in')");
        Assert.That(await page.TextAsync("#quotes"), Does.Match(", [1-3] of them from that server").And.Contain("Redis had it"));

        await page.Find("#change").ClickAsync();
        await page.UntilAsync("document.querySelector('#response').innerText.includes('Changed in')");
        await page.Find("#hundred").ClickAsync();
        await page.UntilAsync("document.querySelector('#response').innerText.includes('100 requests in')");
        Assert.That(await page.TextAsync("#response"), Does.Match("[2-9] denied \\(429\\), 0 failed"));

        await page.Find("#symbol").SelectOptionAsync("IBM");
        await page.UntilAsync("document.querySelector('#response').innerText.includes('429: too many requests')");
        Assert.That(page.Complaints.Where(complaint => !complaint.Contains("429", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task SpentLimit_IsSaidByThePageThatIsLoadedAgain()
    {
        await using var sample = await PredictionsProcess.Start(null, [.. Patient, ("RedisResilience:Permits", "1")]).StartedAsync();
        await using var page = await WatchedPage.OpenAsync(sample.Address);
        await page.UntilAsync("document.querySelector('#response').innerText.includes('429: too many requests')");

        await page.Page.ReloadAsync();

        await page.UntilAsync("document.querySelector('#response').innerText.includes('429: too many requests')");
        Assert.That(await page.TextAsync("#chart-caption"), Does.StartWith("There is no document to draw"));
        Assert.That(await page.Find("#symbol option").CountAsync(), Is.EqualTo(1));
        Assert.That(page.Complaints.Where(complaint => !complaint.Contains("429", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase(ColorScheme.Light, 1360)]
    [TestCase(ColorScheme.Dark, 1360)]
    [TestCase(ColorScheme.Light, 360)]
    public async Task Page_IsForEverybody(ColorScheme scheme, int width)
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var page = await WatchedPage.OpenAsync(sample.Address, scheme, width, isTouched: width < 500);
        await page.UntilAsync("document.querySelectorAll('circle').length > 20 && document.querySelector('#keys table') !== null && "
            + "document.querySelector('#response dl') !== null");

        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(await page.OverflowAsync(), Is.LessThanOrEqualTo(0));
        Assert.That(page.Complaints, Is.Empty);
        await page.PictureAsync($"sample-{scheme.ToString().ToLowerInvariant()}-{width}");
    }

    [Test]
    public async Task WithoutTheEmbeddedRedis_ThePageSaysWhatItCannotShow()
    {
        await using var sample = await PredictionsProcess.Start("--no-redis").StartedAsync();
        await using var page = await WatchedPage.OpenAsync(sample.Address);

        await page.UntilAsync("document.querySelector('#response').innerText.includes('The cache had no part in it')");

        Assert.That(await page.Find("#no-race").IsVisibleAsync(), Is.True);
        Assert.That(await page.Find("#server").IsVisibleAsync(), Is.False);
    }

    private static async Task<double> SlowestAsync(WatchedPage page, string lane)
    {
        var text = await page.TextAsync($"{lane} dd:nth-of-type(2)");
        var parts = text.Split(' ');
        return double.Parse(parts[0], CultureInfo.InvariantCulture) * (parts[1] == "s" ? 1000 : 1);
    }
}
