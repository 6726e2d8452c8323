using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>Names and reasons that would be code, if anything on the page read them as such.</summary>
internal sealed class HostileTextTests
{
    private const string Code = "<img src=x onerror=\"alert(1)\"><script>alert(2)</script>\"'`${alert(3)}</style>\u2028";

    // Of a key, line ends are refused before they get anywhere.
    private static readonly string Key = Code.Replace("\u2028", "", StringComparison.Ordinal);

    [Test]
    public async Task TextOfOthers_IsShownAndNeverRun()
    {
        await using var dashboard = await HostedDashboard.StartAsync(
            services =>
            {
                services.AddSingleton(Mock.Of<IRedisStatus>(
                    status => status.Current == new RedisStatus { Availability = RedisAvailability.Unavailable, Reason = Code }));
                services.AddSingleton(Mock.Of<ICacheUsage>(usage => usage.Namespaces == new[] { new NamespaceUsage(Code, 1, 1) }));
            },
            options => options.ShowsKeys = true,
            app => app.MapGet("/<script>alert(4)</script>", () => "").CacheResponse(static _ => "k"));
        await using var page = await WatchedPage.OpenAsync(dashboard.Address);
        await page.UntilAsync("document.querySelector('#namespaces-body').innerText.includes('<script>')");

        // The library refuses such names of policies, and of reasons there are but a few: this is somebody else's meter of the same name.
        using var meter = new Meter("RedisResilience");
        foreach (var policy in new[] { Code, $"{Code}2" })
        {
            meter.CreateCounter<long>("redis_resilience.rate_limit.decisions").Add(
                1, new("outcome", "denied"), new("decider", Code), new("policy", policy));
        }

        meter.CreateCounter<long>("redis_resilience.circuit.transitions").Add(1, new("state", "open"), new("reason", Code));
        await page.UntilAsync("document.querySelectorAll('#decisions-title ~ select option').length > 2");
        await page.UntilAsync("document.querySelector('#transition-list').textContent.includes('<img')");

        // Over a server that is not there, a limit that denies then does so for whatever key it is given.
        await using var service = new ServiceCollection().AddRedisResilience("127.0.0.1:1").Services.BuildServiceProvider();
        await service.GetRequiredService<IRateLimiter>().AcquireAsync(
            Key, RateLimit.FixedWindow(1, TimeSpan.FromMinutes(1)) with { FailurePolicy = FailurePolicy.Deny });
        await page.UntilAsync("document.querySelector('#denied-body').innerText.includes('<img')");

        Assert.That(
            await page.Page.EvaluateAsync<string>("document.querySelector('#decisions-title ~ select').textContent"),
            Does.Contain("<img src=x"));
        Assert.That(await page.TextAsync("#state-detail"), Does.Contain("<img src=x onerror="));
        Assert.That(await page.TextAsync("#endpoints-body"), Does.Contain("<script>alert(4)"));
        Assert.That(await page.Find("main img, main script, main style").CountAsync(), Is.Zero);
        Assert.That(page.Complaints, Is.Empty);
    }
}
