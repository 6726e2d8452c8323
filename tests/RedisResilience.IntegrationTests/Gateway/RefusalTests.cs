using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>A server that is there and refuses: those calls go on without it, the others with it, and the log says so once.</summary>
public sealed class RefusalTests
{
    private static readonly FixedWindow Limit = RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1));
    private static readonly byte[] Body = "body"u8.ToArray();

    [Test]
    public async Task OutOfMemory_WritesAreNotStoredAndReadsGoOn()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await service.Cache.SetAsync("before", Body, TimeSpan.FromMinutes(1));
        await ConfigureAsync(server, "maxmemory", "1");

        Assert.That(await service.Cache.SetAsync("after", Body, TimeSpan.FromMinutes(1)), Is.False);
        Assert.That(await service.Cache.SetAsync("after", Body, TimeSpan.FromMinutes(1)), Is.False);
        Assert.That((await service.Limiter.AcquireAsync("key", Limit)), Has.Property("IsAllowed").True.And.Property("Source")
            .EqualTo(DecisionSource.FailurePolicy));
        using (var hit = await service.Cache.GetAsync("before"))
        {
            Assert.That(hit.IsHit, Is.True);
        }

        Assert.That(service.Status.Current.Availability, Is.EqualTo(RedisAvailability.Available));
        Assert.That(service.Events, Is.EqualTo(new[] { Log.AvailableId, Log.RefusedId }));

        // The cache leaves a full server alone for a while, and then tries again.
        await ConfigureAsync(server, "maxmemory", "0");
        var started = TimeProvider.System.GetTimestamp();
        while (!await service.Cache.SetAsync("after", Body, TimeSpan.FromMinutes(1)))
        {
            Assert.That(
                TimeProvider.System.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(15)), "writes have not been taken up again");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    [Test]
    public async Task ReadOnlyReplica_WritesAreNotStoredAndReadsGoOn()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await service.Cache.SetAsync("before", Body, TimeSpan.FromMinutes(1));
        await using var connection = await server.ConnectAsync();
        await connection.GetServers()[0].ExecuteAsync("REPLICAOF", "127.0.0.1", FreePort.Next());

        Assert.That(await service.Cache.SetAsync("after", Body, TimeSpan.FromMinutes(1)), Is.False);
        Assert.That((await service.Limiter.AcquireAsync("key", Limit with { FailurePolicy = FailurePolicy.Deny })).IsAllowed, Is.False);

        using var hit = await service.Cache.GetAsync("before");
        Assert.That(hit.IsHit, Is.True);
    }

    [Test]
    public async Task ReadOnlyReplica_NobodyWaitsForALeaseThatCannotBeGivenBack()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        await connection.GetDatabase().StringSetAsync("{key}:lease", 1, TimeSpan.FromMinutes(10));
        await connection.GetServers()[0].ExecuteAsync("REPLICAOF", "127.0.0.1", FreePort.Next());

        var options = new CacheEntryOptions(TimeSpan.FromMinutes(1)) { MaximumFillWait = TimeSpan.FromMinutes(10) };
        using var created = await service.Cache.GetOrCreateAsync(
            "key", options, Body, static (body, _) => new ValueTask<SourceResponse>(new SourceResponse(body)))
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(created.Outcome, Is.EqualTo(CacheOutcome.Created));
    }

    [Test]
    public async Task UserWithoutScripts_TheCacheWorksAndTheLimiterGoesByItsPolicy()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var connection = await server.ConnectAsync();
        await connection.GetServers()[0].ExecuteAsync("ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-@scripting");
        await using var service = await ResilientService.ConnectPatientlyAsync($"{server.ConnectionString},user=app,password=secret");

        Assert.That(await service.Cache.SetAsync("key", Body, TimeSpan.FromMinutes(1)), Is.True);
        Assert.That((await service.Limiter.AcquireAsync("key", Limit)).Source, Is.EqualTo(DecisionSource.FailurePolicy));
        Assert.That(service.Status.Current.Availability, Is.EqualTo(RedisAvailability.Available));
        Assert.That(service.Events, Is.EqualTo(new[] { Log.AvailableId, Log.RefusedId }));
    }

    [Test]
    public async Task FlushedScripts_AreLoadedAgainWithinTheCall()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await using var connection = await server.ConnectAsync();
        for (var round = 1; round <= 5; round++)
        {
            await connection.GetServers()[0].ScriptFlushAsync();
            var decision = await service.Limiter.AcquireAsync("key", Limit);
            Assert.That(decision, Has.Property("Source").EqualTo(DecisionSource.Redis).And.Property("Remaining")
                .EqualTo(10 - round), "charged once");
        }
    }

    [Test]
    public async Task ScriptCommandDisabled_TheTextIsSentOnce()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync($"{server.ConnectionString},$SCRIPT=");
        for (var round = 1; round <= 3; round++)
        {
            var decision = await service.Limiter.AcquireAsync("key", Limit);
            Assert.That(decision, Has.Property("Source").EqualTo(DecisionSource.Redis).And.Property("Remaining").EqualTo(10 - round));
        }

        await using var connection = await server.ConnectAsync();
        var calls = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        Assert.That(calls, Does.Contain("cmdstat_eval:calls=2,"), "the limit's, and the one that greets");
    }

    [Test]
    public async Task OneConnection_IsAllAProcessNeeds()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var service = await ResilientService.ConnectPatientlyAsync(server.ConnectionString);
        await service.Limiter.AcquireAsync("key", Limit);
        await using var connection = await server.ConnectAsync();

        var clients = await connection.GetServers()[0].ClientListAsync();

        Assert.That(clients, Has.Length.EqualTo(3), "one of ours, two of this test's own");
    }

    private static async Task ConfigureAsync(TestServer server, string setting, string value)
    {
        await using var connection = await server.ConnectAsync();
        await connection.GetServers()[0].ConfigSetAsync(setting, value);
    }
}
