using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>One master of a cluster hangs: calls for its keys cost a deadline until that is noticed and nothing from then on, and calls for
/// other keys notice nothing.</summary>
public sealed class HungShardTests
{
    private const int Callers = 8;
    private const int Calls = 50;

    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(250);
    private static readonly RateLimit Limit = RateLimit.FixedWindow(1_000_000, TimeSpan.FromHours(1)) with
    {
        FailurePolicy = FailurePolicy.Deny,
    };

    [Test]
    public async Task OnlyItsOwnKeysGoOnWithoutRedis()
    {
        await using var cluster = await RedisCluster.StartAsync();
        await using var service = await ResilientService.ConnectAsync(
            cluster.ConnectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = Deadline);
        var (hung, well) = (await cluster.KeyOfAsync(master: 0), await cluster.KeyOfAsync(master: 1));
        await CallAsync(service, hung);
        await CallAsync(service, well);

        // The layout of the cluster is read with the probe.
        await Task.Delay(TimeSpan.FromSeconds(1.2), TimeProvider.System);
        cluster.Servers[0].Freeze();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(service, $"{hung}:{caller}")));
            await Task.Delay(Deadline, TimeProvider.System);
            var (slow, served) = (0, 0);
            for (var call = 0; call < Calls; call++)
            {
                var (decider, elapsed) = await CallAsync(service, hung);
                Assert.That(decider, Is.EqualTo(DecisionSource.FailurePolicy));
                slow += elapsed >= Deadline ? 1 : 0;
                served += (await CallAsync(service, well)).Source == DecisionSource.Redis ? 1 : 0;
            }

            // The machine may look away for a moment; a call that waits for the server does so each time.
            Assert.That(slow, Is.LessThan(Calls / 10));
            Assert.That(served, Is.GreaterThan(Calls / 2), "those of other keys");
        }
        finally
        {
            cluster.Servers[0].Thaw();
        }

        var began = Stopwatch.GetTimestamp();
        while ((await CallAsync(service, hung)).Source != DecisionSource.Redis)
        {
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(TimeSpan.FromSeconds(30)));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task<(DecisionSource Source, TimeSpan Elapsed)> CallAsync(ResilientService service, string key)
    {
        var began = Stopwatch.GetTimestamp();
        var decision = await service.Limiter.AcquireAsync(key, Limit);
        return (decision.Source, Stopwatch.GetElapsedTime(began));
    }
}
