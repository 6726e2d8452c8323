using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>On a long line to Redis, a hit takes one round trip: the limit's check and the cache's read leave together.</summary>
internal sealed class RoundTripTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(100);

    [Test]
    public async Task Hit_TakesOneRoundTrip([Values] ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var proxy = new LatencyProxy(server.Port, RoundTrip);
        await using var app = await PredictionsApp.ConnectAsync(proxy.ConnectionString, PredictionsApp.Patient);
        using var miss = await app.SendAsync(HttpMethod.Get, "/predictions/AAPL");

        // Two round trips cannot take less than two, and one does in any quiet moment: it is asked until there was one.
        var fastest = TimeSpan.MaxValue;
        for (var request = 0; request < 90 && fastest >= RoundTrip * 1.9; request++)
        {
            var began = Stopwatch.GetTimestamp();
            using var hit = await app.SendAsync(HttpMethod.Get, "/predictions/AAPL");
            var elapsed = Stopwatch.GetElapsedTime(began);
            fastest = elapsed < fastest ? elapsed : fastest;
            Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
            Assert.That(hit.Field("RateLimit"), Does.StartWith($"\"default\";r={98 - request};"), "the limit was asked too");
        }

        TestContext.Out.WriteLine(
            $"a round trip of {RoundTrip.TotalMilliseconds:0} ms; the fastest hit took {fastest.TotalMilliseconds:0.0} ms");
        Assert.That(fastest, Is.GreaterThanOrEqualTo(RoundTrip).And.LessThan(RoundTrip * 1.9));
    }
}
