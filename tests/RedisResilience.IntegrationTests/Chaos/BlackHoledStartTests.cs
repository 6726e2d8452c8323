using System.Diagnostics;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>A service whose Redis is in a black hole starts at once, and its first calls wait for one deadline, all of them
/// together.</summary>
public sealed class BlackHoledStartTests
{
    private const int Calls = 50;
    private static readonly RateLimit Limit = RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1));

    [Test]
    public async Task BlackHole_TheFirstCallsWaitForOneDeadlineTogether()
    {
        await using var hole = new FaultyNetwork(1, NetworkFault.BlackHole);
        var deadline = new RedisResilienceOptions().MaximumCommandDeadline;
        var began = Stopwatch.GetTimestamp();
        await using var service = new ResilientService(hole.ConnectionString);
        var started = Stopwatch.GetElapsedTime(began);

        for (var call = 0; call < Calls; call++)
        {
            await service.Limiter.AcquireAsync("key", Limit);
            (await service.Cache.GetAsync("key")).Dispose();
        }

        var all = Stopwatch.GetElapsedTime(began);
        TestContext.Out.WriteLine(
            $"{started.TotalMilliseconds:0.0} ms to start, {all.TotalMilliseconds:0.0} ms with the first {2 * Calls} calls");
        Assert.That(started, Is.LessThan(deadline), "the start waits for nobody");

        // A deadline for each call would be a hundred of them; this one is late on a busy machine, too.
        Assert.That(all, Is.LessThan(deadline * (Calls / 10)));
    }
}
