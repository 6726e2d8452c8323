using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Local;

/// <summary><see cref="FailurePolicy.Local"/> through an outage and back.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class OutageShareTests(ServerKind kind)
{
    [Test]
    public async Task NodeGoesOnWithItsShare_AndTellsRedisWhenItIsBack()
    {
        await using var server = await TestServer.StartAsync(kind);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        var limit = RateLimit.FixedWindow(100, TimeSpan.FromHours(1)) with { FailurePolicy = FailurePolicy.Local };
        await AcquireAsync(service, limit, 60);

        await server.KillAsync();
        await service.UntilUnavailableAsync();
        var decisions = await AcquireAsync(service, limit, 50);
        Assert.That(decisions.Count(decision => decision.IsAllowed), Is.EqualTo(40), "what was left");
        Assert.That(
            decisions.Select(decision => (decision.Source, decision.IsDegraded)).Distinct(),
            Is.EqualTo(new[] { (DecisionSource.FailurePolicy, true) }));

        // A server that has lost everything: what it has is what it was told.
        await server.StartAsync();
        await service.UntilAvailableAsync();
        await using var connection = await server.ConnectAsync();
        Assert.That((int)await connection.GetDatabase().StringGetAsync("ratelimit:key"), Is.EqualTo(40));
    }

    private static async Task<List<RateLimitDecision>> AcquireAsync(ResilientService service, RateLimit limit, int calls)
    {
        var decisions = new List<RateLimitDecision>();
        for (var call = 0; call < calls; call++)
        {
            decisions.Add(await service.Limiter.AcquireAsync("key", limit));
        }

        return decisions;
    }
}
