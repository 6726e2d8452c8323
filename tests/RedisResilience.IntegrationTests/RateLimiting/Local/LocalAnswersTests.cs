using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.RateLimiting.Local;

/// <summary>What the limiter answers by itself, seen from the server.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class LocalAnswersTests(ServerKind kind) : ServiceFixture(kind)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public async Task SeveralNodesWithLeases_AdmitTheLimitAndNotOneMore_AndGiveBackWhatIsLeft()
    {
        const int Limit = 1_000;
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(Limit, Hour).WithPrefetch(50) with { FailurePolicy = FailurePolicy.Deny };
        var nodes = new List<ResilientService>();
        for (var node = 0; node < 4; node++)
        {
            nodes.Add(await ConnectPatientlyAsync());
        }

        // All that is asked for and all that four nodes may hold besides, for a moment two batches each, is less than the limit: nobody can
        // be denied for what another one holds.
        var admitted = await Task.WhenAll(
            nodes.SelectMany(node => Enumerable.Range(0, 16).Select(_ => AdmittedAsync(node, key, limit, calls: 9))));
        Assert.That(admitted.Sum(), Is.EqualTo(576));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Assert.That((
            int)await Database.StringGetAsync($"ratelimit:{key}"), Is.EqualTo(admitted.Sum()), "what was held and not spent has gone back");

        await using var late = await ConnectPatientlyAsync();
        var rest = await AdmittedAsync(late, key, limit, calls: Limit);
        Assert.That(admitted.Sum() + rest, Is.EqualTo(Limit));
    }

    [Test]
    public async Task ManyCallersOfOneKey_AreAnsweredInOrder()
    {
        const int Limit = 200;
        await using var service = await ConnectPatientlyAsync();
        var key = SharedServers.NewKey();
        var limit = RateLimit.TokenBucket(1, Hour, Limit) with { FailurePolicy = FailurePolicy.Deny };
        var admitted = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AdmittedAsync(service, key, limit, calls: 10)));
        Assert.That(admitted.Sum(), Is.EqualTo(Limit));
    }

    [Test]
    public async Task RefundByThisProcess_EndsTheDenial()
    {
        await using var service = await ConnectPatientlyAsync();
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(1, Hour);
        await service.Limiter.AcquireAsync(key, limit);
        await service.Limiter.AcquireAsync(key, limit);
        var denied = await service.Limiter.AcquireAsync(key, limit);
        await service.Limiter.RefundAsync(key, limit);
        var allowed = await service.Limiter.AcquireAsync(key, limit);
        Assert.That((denied.Source, allowed.IsAllowed, allowed.Source), Is.EqualTo((DecisionSource.Local, true, DecisionSource.Redis)));
    }

    [Test]
    public async Task DeniedUntilItsTime_AndNotLonger()
    {
        await using var service = await ConnectPatientlyAsync();
        var key = SharedServers.NewKey();
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromMilliseconds(300)) with { FailurePolicy = FailurePolicy.Deny };
        await service.Limiter.AcquireAsync(key, limit);
        var denied = await service.Limiter.AcquireAsync(key, limit);
        var told = TimeProvider.System.GetTimestamp();
        await Task.Delay(denied.RetryAfter, TimeProvider.System);

        // Timers count in milliseconds, and may be early by a part of one.
        while (TimeProvider.System.GetElapsedTime(told) < denied.RetryAfter)
        {
            await Task.Yield();
        }

        Assert.That((await service.Limiter.AcquireAsync(key, limit)).IsAllowed, Is.True);
    }

    [Test]
    public async Task NodesOfALocalPolicy_AreCountedInOneKeyThatEnds()
    {
        await using var other = await ConnectPatientlyAsync();
        var limit = RateLimit.FixedWindow(10, Hour) with { FailurePolicy = FailurePolicy.Local };
        foreach (var service in new[] { Service, other })
        {
            await service.Limiter.AcquireAsync(SharedServers.NewKey(), limit);
        }

        // The first beat is sent in the background.
        while (await Database.SortedSetLengthAsync("redisresilience:nodes") < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Assert.That(
            await Database.KeyTimeToLiveAsync("redisresilience:nodes"), Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15)));
    }

    private Task<ResilientService> ConnectPatientlyAsync() => ResilientService.ConnectPatientlyAsync(ConnectionString);

    private static async Task<int> AdmittedAsync(ResilientService service, string key, RateLimit limit, int calls)
    {
        var admitted = 0;
        for (var call = 0; call < calls; call++)
        {
            admitted += (await service.Limiter.AcquireAsync(key, limit)).IsAllowed ? 1 : 0;
        }

        return admitted;
    }
}
