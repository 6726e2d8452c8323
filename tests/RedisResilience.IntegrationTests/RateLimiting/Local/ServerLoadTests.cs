using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Local;

/// <summary>How many scripts the server has run, by its own account.</summary>
internal sealed class ServerLoadTests() : ServiceFixture(ServerKind.Redis)
{
    [Test]
    public async Task FloodOnADeniedKey_CostsTheServerNothing()
    {
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(5, TimeSpan.FromHours(1));
        for (var call = 0; call < 6; call++)
        {
            await Service.Limiter.AcquireAsync(key, limit);
        }

        var before = await ScriptsAsync();
        for (var call = 0; call < 10_000; call++)
        {
            var decision = await Service.Limiter.AcquireAsync(key, limit, 1 + (call % 5));
            Assert.That(decision.IsAllowed, Is.False);
        }

        // One for each cost that was new.
        Assert.That(await ScriptsAsync() - before, Is.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task ManyCallersOfOneKey_ShareTheirCalls()
    {
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(int.MaxValue, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Deny };
        await Service.Limiter.AcquireAsync(key, limit);
        var before = await ScriptsAsync();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            for (var call = 0; call < 100; call++)
            {
                Assert.That((await Service.Limiter.AcquireAsync(key, limit)).IsAllowed, Is.True);
            }
        }));
        Assert.That((int)await Database.StringGetAsync($"ratelimit:{key}"), Is.EqualTo(6_401));
        Assert.That(await ScriptsAsync() - before, Is.LessThan(3_200));
    }

    private async Task<long> ScriptsAsync()
    {
        var statistics = (string)(await Database.ExecuteAsync("INFO", "commandstats"))!;
        var line = statistics.Split('\n').SingleOrDefault(line => line.StartsWith("cmdstat_evalsha:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(
            line["cmdstat_evalsha:calls=".Length..line.IndexOf(',', StringComparison.Ordinal)],
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
