using Microsoft.Playwright;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.IntegrationTests.Sample;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>The live page over the sample, with its Redis and without.</summary>
internal sealed class DashboardTests
{
    private readonly HttpClient _client = new();

    [OneTimeTearDown]
    public void DisposeClient() => _client.Dispose();

    [Test]
    public async Task Page_ShowsTrafficAndAnOutageWhileItGoesOn()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var page = await OpenAsync(sample);
        await page.UntilAsync("document.querySelector('#connection').dataset.state === 'live'");
        Assert.That(await page.TextAsync("#state-title"), Is.EqualTo("Redis is in use"));

        // The race of the sample's own page is traffic enough.
        await using var race = await WatchedPage.OpenAsync(sample.Address);
        await page.UntilAsync("document.querySelector('#waits-title').parentElement.innerText.match(/[0-9] (ms|µs) p99/)");
        await page.UntilAsync("[...document.querySelectorAll('#plots td')].filter(cell => /^[1-9]/.test(cell.textContent)).length > 6");
        await LookForAWhileAsync(page, TimeSpan.FromSeconds(80));
        var seconds = await page.Page.EvaluateAsync<string>("document.querySelector('#state-detail').textContent");

        sample.EmbeddedRedis.Kill();

        await page.UntilAsync("document.querySelector('#state').dataset.state === 'unavailable'");
        Assert.That(await page.TextAsync("#state-title"), Is.EqualTo("Redis is away, and calls go on without it"));
        await page.UntilAsync("document.querySelectorAll('#plots .outage').length >= 4");
        await page.UntilAsync("document.querySelector('#say').textContent.startsWith('Redis is away')");
        await page.UntilAsync(
            $"document.querySelector('#state-detail').textContent !== {System.Text.Json.JsonSerializer.Serialize(seconds)}");

        await LookForAWhileAsync(page, TimeSpan.FromSeconds(12));
        using var restart = await _client.PostAsync(new Uri(sample.Address, "server/restart"), null);
        await page.UntilAsync("document.querySelector('#state').dataset.state === 'available'");
        await LookForAWhileAsync(page, TimeSpan.FromSeconds(25));
        await page.PictureAsync("dashboard");
        await page.Find("#transitions summary").ClickAsync();
        Assert.That(await page.TextAsync("#transition-list li:nth-child(2)"), Does.Contain("away: "));
        Assert.That(page.Complaints, Is.Empty);
    }

    [TestCase(ColorScheme.Light, 1360)]
    [TestCase(ColorScheme.Dark, 1360)]
    [TestCase(ColorScheme.Dark, 360)]
    public async Task Page_IsForEverybody(ColorScheme scheme, int width)
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var race = await WatchedPage.OpenAsync(sample.Address);
        await using var page = await OpenAsync(sample, scheme, width);
        await page.UntilAsync("[...document.querySelectorAll('#plots td')].filter(cell => /^[1-9]/.test(cell.textContent)).length > 6");

        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(await page.OverflowAsync(), Is.LessThanOrEqualTo(0));
        Assert.That(page.Complaints, Is.Empty);
        await page.PictureAsync($"dashboard-{scheme.ToString().ToLowerInvariant()}-{width}");
    }

    [Test]
    public async Task Keyboard_ReachesEverythingAndMovesAlongTheTime()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var page = await OpenAsync(sample);
        await page.UntilAsync("document.querySelectorAll('#transition-list li').length > 0");
        var reached = new List<string>();
        for (var press = 0; press < 14; press++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            reached.Add(await page.Page.EvaluateAsync<string>(
                "document.activeElement.id || document.activeElement.textContent.trim().slice(0, 30) || document.activeElement.className"));
            Assert.That(await page.Page.EvaluateAsync<bool>("document.activeElement === document.body || "
                + "getComputedStyle(document.activeElement).outlineStyle !== 'none'"), Is.True, "the focus is seen");
        }

        Assert.That(reached.Take(3), Is.EqualTo(new[] { "Skip to the content", "pause", "theme" }));

        await page.Find("#plots .drawing").First.FocusAsync();
        await page.UntilAsync("document.querySelector('#about').textContent !== ''");
        await page.Page.Keyboard.PressAsync("Home");
        Assert.That(await page.TextAsync("#plots .plot:first-child thead th:nth-child(2)"), Does.Match("^[0-9]{2}:[0-9]{2}:[0-9]{2}$"));
        Assert.That(await page.TextAsync("#say"), Does.Contain("allowed by Redis"));
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.That(await page.TextAsync("#plots .plot:first-child thead th:nth-child(2)"), Is.EqualTo("now"));
    }

    [Test]
    public async Task Buttons_PauseAndDress()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var page = await OpenAsync(sample);
        await page.UntilAsync("document.querySelector('#connection').dataset.state === 'live'");

        await page.Find("#pause").ClickAsync();
        Assert.That(await page.TextAsync("#connection"), Is.EqualTo("Paused"));
        Assert.That(await page.Find("#pause").GetAttributeAsync("aria-pressed"), Is.EqualTo("true"));
        await page.Find("#pause").ClickAsync();
        await page.UntilAsync("document.querySelector('#connection').dataset.state === 'live'");

        const string Background = "getComputedStyle(document.body).backgroundColor";
        var system = await page.Page.EvaluateAsync<string>(Background);
        await page.Find("#theme").ClickAsync();
        await page.Find("#theme").ClickAsync();
        Assert.That(await page.TextAsync("#theme"), Is.EqualTo("Theme: dark"));
        Assert.That(await page.Page.EvaluateAsync<string>(Background), Is.Not.EqualTo(system));
        await page.Page.ReloadAsync();
        Assert.That(await page.TextAsync("#theme"), Is.EqualTo("Theme: dark"));
    }

    [Test]
    public async Task ApplicationThatEnds_IsNoticedAndTriedAgain()
    {
        await using var sample = await PredictionsProcess.Start().StartedAsync();
        await using var page = await OpenAsync(sample);
        await page.UntilAsync("document.querySelector('#connection').dataset.state === 'live'");

        sample.Process.Kill(entireProcessTree: true);

        await page.UntilAsync("document.querySelector('#connection').dataset.state === 'lost'");
    }

    // A picture for the documentation shows some time; a test has seen enough.
    private static Task LookForAWhileAsync(WatchedPage page, TimeSpan time) =>
        WatchedPage.IsForDocumentation ? page.Page.WaitForTimeoutAsync((float)time.TotalMilliseconds) : Task.CompletedTask;

    private static Task<WatchedPage> OpenAsync(PredictionsProcess sample, ColorScheme scheme = ColorScheme.Light, int width = 1360) =>
        WatchedPage.OpenAsync(new Uri(sample.Address, "redis"), scheme, width, isTouched: width < 500);
}
