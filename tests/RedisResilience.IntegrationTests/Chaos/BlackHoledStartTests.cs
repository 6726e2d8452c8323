using System.Diagnostics;
using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>A service whose Redis is in a black hole starts as fast as one whose Redis is well.</summary>
public sealed class BlackHoledStartTests
{
    private const int Starts = 9;

    // The bound, and what a busy machine adds.
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(10 + 20);
    private static readonly RateLimit Limit = RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1));

    [Test]
    [Retry(3)] // A busy machine may be late by itself; a broken promise is broken every time.
    public async Task BlackHole_TheFirstCallsComeAsSoonAsWithoutOne()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var hole = new FaultyNetwork(server.Port, NetworkFault.BlackHole);
        var (well, holed) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var start = 0; start < Starts; start++)
        {
            well.Add(await StartAsync(server.ConnectionString));
            holed.Add(await StartAsync(hole.ConnectionString));
        }

        // Medians: the first ones compile.
        var (control, measured) = (well.Order().ElementAt(Starts / 2), holed.Order().ElementAt(Starts / 2));
        TestContext.Out.WriteLine($"start and first calls: {measured.TotalMilliseconds:0.0} ms in a black hole, {control.TotalMilliseconds:0.0} ms without");
        Assert.That(measured - control, Is.LessThan(Bound));
    }

    private static async Task<TimeSpan> StartAsync(string connectionString)
    {
        var began = Stopwatch.GetTimestamp();
        await using var service = new ResilientService(connectionString);
        await service.Limiter.AcquireAsync("key", Limit);
        (await service.Cache.GetAsync("key")).Dispose();
        return Stopwatch.GetElapsedTime(began);
    }
}
