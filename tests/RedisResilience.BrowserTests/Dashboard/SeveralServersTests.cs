using Microsoft.Extensions.DependencyInjection;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>The page of an application with two servers.</summary>
internal sealed class SeveralServersTests
{
    [Test]
    public async Task EachServer_HasALineOfItsOwnAndItsNameInTheList()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var dashboard = await HostedDashboard.StartAsync(
            services => services.AddRedisResilience("sessions", server.ConnectionString));
        await dashboard.Services.GetRequiredKeyedService<IRedisStatus>("sessions").WaitUntilAvailableAsync();
        await using var page = await WatchedPage.OpenAsync(dashboard.Address);
        await page.UntilAsync("document.querySelector('#facts').textContent.includes('Redis sessionsis in use')");

        await server.KillAsync();

        await page.UntilAsync("document.querySelector('#facts').textContent.includes('Redis sessionsis away')");
        await page.Find("#transitions summary").ClickAsync();
        Assert.That(await page.TextAsync("#transition-list li:first-child"), Does.Contain("Redis sessions away: "));
        Assert.That(await page.TextAsync("#state-title"), Is.EqualTo("No Redis is configured"));
        var lines = page.Find("#timeline svg");
        Assert.That(await lines.CountAsync(), Is.EqualTo(2));
        Assert.That(await lines.First.GetAttributeAsync("aria-label"), Is.EqualTo("In the last hour, Redis did not go away."));
        Assert.That(await lines.Last.GetAttributeAsync("aria-label"), Is.EqualTo("In the last hour, Redis sessions went away once."));
        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(page.Complaints, Is.Empty);
    }
}
