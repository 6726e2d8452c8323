using Microsoft.Extensions.DependencyInjection;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.Caching;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>The page's buttons, where the application allows them.</summary>
internal sealed class ActionTests
{
    [Test]
    public async Task Entry_IsRemovedThroughThePage()
    {
        var cache = new InMemoryResponseCache();
        await using var dashboard = await HostedDashboard.StartAsync(
            services => services.AddAntiforgery().AddSingleton<IResponseCache>(cache), options => options.AllowsActions = true);
        await cache.SetAsync("predictions:v1:AAPL", new SourceResponse("{}"u8.ToArray()), new CacheEntryOptions(TimeSpan.FromMinutes(1)));
        await using var page = await WatchedPage.OpenAsync(dashboard.Address);

        await page.Find("#action-value").FillAsync("predictions:v1:AAPL");
        await page.Find("#action-value").PressAsync("Enter");
        await page.UntilAsync("document.querySelector('#action-said').textContent === 'The entry is removed.'");

        using var read = await cache.GetAsync("predictions:v1:AAPL");
        Assert.That(read.HasBody, Is.False);
        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public async Task WithoutBeingAllowed_ThePageHasNoButtons()
    {
        await using var dashboard = await HostedDashboard.StartAsync(_ => { });
        await using var page = await WatchedPage.OpenAsync(dashboard.Address);

        await page.UntilAsync("document.querySelector('#about').textContent !== ''");

        Assert.That(await page.Find("#actions").CountAsync(), Is.Zero);
    }
}
