using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using RedisResilience.BrowserTests.Browser;
using RedisResilience.Diagnostics;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>The page of an application with two servers.</summary>
internal sealed class SeveralServersTests
{
    private readonly Mock<IRedisStatus> _sessions = new();

    [Test]
    public async Task EachServer_HasALineOfItsOwnAndItsNameInTheList()
    {
        // Of the library's own name: the page hears this one.
        using var meter = new Meter("RedisResilience");
        var transitions = meter.CreateCounter<long>("redis_resilience.circuit.transitions");
        Say(RedisAvailability.Available, reason: null);
        await using var dashboard = await HostedDashboard.StartAsync(
            services => services.AddKeyedSingleton("sessions", _sessions.Object));
        transitions.Add(1, [new("state", "closed"), new("redis_resilience.name", "sessions")]);
        await using var page = await WatchedPage.OpenAsync(dashboard.Address);
        await page.UntilAsync("document.querySelector('#facts').textContent.includes('Redis sessionsis in use')");

        Say(RedisAvailability.Unavailable, "connection lost");
        transitions.Add(1, [new("state", "open"), new("reason", "ConnectionLost"), new("redis_resilience.name", "sessions")]);

        await page.UntilAsync("document.querySelector('#facts').textContent.includes('Redis sessionsis away')");
        await page.Find("#transitions summary").ClickAsync();
        Assert.That(await page.TextAsync("#transition-list li:first-child"), Does.EndWith("Redis sessions away: connection lost"));
        Assert.That(await page.TextAsync("#state-title"), Is.EqualTo("No Redis is configured"));
        var lines = page.Find("#timeline svg");
        Assert.That(await lines.CountAsync(), Is.EqualTo(2));
        Assert.That(await lines.First.GetAttributeAsync("aria-label"), Is.EqualTo("In the last hour, Redis did not go away."));
        Assert.That(await lines.Last.GetAttributeAsync("aria-label"), Is.EqualTo("In the last hour, Redis sessions went away once."));
        Assert.That(await page.AxeAsync(), Is.Empty);
        Assert.That(page.Complaints, Is.Empty);
    }

    private void Say(RedisAvailability availability, string? reason) => _sessions.SetupGet(status => status.Current).Returns(
        new RedisStatus { Availability = availability, Name = "sessions", Reason = reason });
}
