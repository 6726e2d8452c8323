using Microsoft.Extensions.DependencyInjection;
using Moq;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>Names and reasons that would be code, if anything on the page read them as such.</summary>
internal sealed class HostileTextTests
{
    private const string Code = "<img src=x onerror=\"alert(1)\"><script>alert(2)</script>\"'`${alert(3)}</style>\u2028";

    [Test]
    public async Task TextOfOthers_IsShownAndNeverRun()
    {
        await using var dashboard = await HostedDashboard.StartAsync(services =>
        {
            services.AddSingleton(Mock.Of<IRedisStatus>(status => status.Current == new RedisStatus { Availability = RedisAvailability.Unavailable, Reason = Code }));
            services.AddSingleton(Mock.Of<ICacheUsage>(usage => usage.Namespaces == new[] { new NamespaceUsage(Code, 1, 1) }));
        });
        await using var page = await WatchedPage.OpenAsync(dashboard.Address);

        await page.UntilAsync("document.querySelector('#namespaces-body').innerText.includes('<script>')");

        Assert.That(await page.TextAsync("#state-detail"), Does.Contain("<img src=x onerror="));
        Assert.That(await page.Find("main img, main script, main style").CountAsync(), Is.Zero);
        Assert.That(page.Complaints, Is.Empty);
    }
}
