using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>Connections that applications make or log in themselves, and several of them.</summary>
public sealed class OwnConnectionTests
{
    [Test]
    public async Task TokenThatChanges_IsTakenByTheNextConnection([Values] bool byProvider)
    {
        await using var server = await TestServer.StartAsync(
            ServerKind.Redis, "root", "--user", "app", "on", ">first", "~*", "&*", "+@all");
        await using var administrator = await server.ConnectAsync("root");
        var tokens = new Tokens();
        var configuration = ConfigurationOptions.Parse(server.ConnectionString);
        if (byProvider)
        {
            configuration.Defaults = tokens;
        }

        await using var services = new ServiceCollection().AddRedisResilience(
            configuration, byProvider ? null : options => options.ConfigureConnection = own =>
        {
            (own.User, own.Password) = ("app", tokens.Current);
            return Task.CompletedTask;
        }).Services.BuildServiceProvider();
        var status = services.GetRequiredService<IRedisStatus>();
        await status.UntilAvailableAsync();

        tokens.Current = "second";
        var commands = administrator.GetServers()[0];
        await commands.ExecuteAsync("ACL", "SETUSER", "app", "resetpass", ">second");
        await KillAsync(commands, status);
    }

    [Test]
    public async Task TokenThatChangesWhileConnected_LogsTheConnectionIn()
    {
        await using var server = await TestServer.StartAsync(
            ServerKind.Redis, null, "--user", "app", "on", ">first", ">second", "~*", "&*", "+@all");
        await using var administrator = await server.ConnectAsync();
        var token = "first";
        await using var services = new ServiceCollection().AddRedisResilience(
            server.ConnectionString, options => options.ConfigureConnection = own =>
        {
            (own.User, own.Password) = ("app", token);
            return Task.CompletedTask;
        }).Services.BuildServiceProvider();
        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();

        // The log of refusals names the failed login of the connection itself: a token that nobody knows.
        token = "third";

        await Until.TrueAsync(
            async () => ((RedisResult[])(await administrator.GetServers()[0].ExecuteAsync("ACL", "LOG"))!).Length > 0, () =>
                "The connection was never logged in anew.");
        Assert.That(services.GetRequiredService<IRedisStatus>().Current.Availability, Is.EqualTo(
            RedisAvailability.Available), "the login before still does");
    }

    [Test]
    public async Task TokenThatChangesWhileConnected_IsTakenWhenTheClientConnectsAgain()
    {
        await using var server = await TestServer.StartAsync(
            ServerKind.Redis, null, "--user", "app", "on", ">first", ">second", "~*", "&*", "+@all");
        await using var administrator = await server.ConnectAsync();
        var commands = administrator.GetServers()[0];
        var token = "first";
        await using var services = new ServiceCollection().AddRedisResilience(
            server.ConnectionString, options => options.ConfigureConnection = own =>
        {
            (own.User, own.Password) = ("app", token);
            return Task.CompletedTask;
        }).Services.BuildServiceProvider();
        var status = services.GetRequiredService<IRedisStatus>();
        await status.UntilAvailableAsync();
        await commands.ExecuteAsync("CONFIG", "RESETSTAT");
        token = "second";
        await Until.TrueAsync(
            async () => (await commands.ExecuteAsync("INFO", "commandstats")).ToString()
                .Contains("cmdstat_auth:", StringComparison.Ordinal),
            () => "The connection was never logged in anew.");

        await commands.ExecuteAsync("ACL", "SETUSER", "app", "resetpass", ">second");
        await KillAsync(commands, status);

        Assert.That(((RedisResult[])(await commands.ExecuteAsync("ACL", "LOG"))!).Length, Is.Zero, "nobody came with the old token");
    }

    [Test]
    public async Task SharedConnection_IsUsedAndNotClosedAndItsSettingsAreTold()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var shared = await server.ConnectAsync();
        await using (var services = new ServiceCollection().AddFakeLogging()
            .AddRedisResilience("own", _ => Task.FromResult<IConnectionMultiplexer>(shared)).Services.BuildServiceProvider())
        {
            await services.GetRequiredKeyedService<IRedisStatus>("own").UntilAvailableAsync();
            var limiter = services.GetRequiredKeyedService<IRateLimiter>("own");
            Assert.That((await limiter.AcquireAsync("key", RateLimit.FixedWindow(1, TimeSpan.FromHours(1)))).Source, Is.EqualTo(
                DecisionSource.Redis));
            var told = services.GetFakeLogCollector().GetSnapshot().Single(record => record.Id.Id == Log.SharedConnectionId);
            Assert.That(told.Message, Does.Contain("'own' at 127.0.0.1").And.Contain("BacklogPolicy").And.Contain("HeartbeatInterval"));
            Assert.That(services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message), Has.Some
                .Contains("Redis 'own' at").And.Contain("is in use"));
        }

        Assert.That(shared.IsConnected, Is.True);
        Assert.That(await shared.GetDatabase().KeyExistsAsync("ratelimit:key"), Is.True);
    }

    [Test]
    public async Task SharedConnection_IsNotTrackedForTheLocalTier()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var shared = await ConnectionMultiplexer.ConnectAsync(
            $"{server.ConnectionString},allowAdmin=true,protocol=resp2,name=shop");
        await using var services = new ServiceCollection().AddRedisResilience(
            _ => Task.FromResult<IConnectionMultiplexer>(shared), options => options.LocalTier.KeyPrefixes.Add("kept:"))
            .Services.BuildServiceProvider();
        _ = services.GetRequiredService<IResponseCache>();
        var status = services.GetRequiredService<IRedisStatus>();

        await Until.TrueAsync(
            () => status.Current.LocalTier is LocalTierMode.Messages or LocalTierMode.Tracking, () => $"It is {status.Current.LocalTier}.");

        Assert.That(status.Current.LocalTier, Is.EqualTo(LocalTierMode.Messages));
        var tracking = (RedisResult[])(await shared.GetDatabase().ExecuteAsync("CLIENT", "TRACKINGINFO"))!;
        Assert.That(((RedisResult[])tracking[1]!).Select(flag => (string?)flag), Is.EqualTo(new[] { "off" }), "it is the application's");
    }

    [Test]
    public async Task SharedConnectionThatFailsAtFirst_IsAskedForAgain()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var shared = await server.ConnectAsync();
        var asked = 0;
        await using var services = new ServiceCollection().AddRedisResilience(_ => Interlocked.Increment(ref asked) == 1
            ? Task.FromException<IConnectionMultiplexer>(new InvalidOperationException("no token yet"))
            : Task.FromResult<IConnectionMultiplexer>(shared)).Services.BuildServiceProvider();

        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        Assert.That(asked, Is.EqualTo(2));
    }

    [Test]
    public async Task TwoServers_KeepTheirOwn()
    {
        await using var one = await TestServer.StartAsync(ServerKind.Redis);
        await using var two = await TestServer.StartAsync(ServerKind.Redis);
        var collection = new ServiceCollection();
        collection.AddRedisResilience(one.ConnectionString);
        collection.AddRedisResilience("two", two.ConnectionString);
        await using var services = collection.BuildServiceProvider();
        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        await services.GetRequiredKeyedService<IRedisStatus>("two").UntilAvailableAsync();

        await services.GetRequiredKeyedService<IResponseCache>("two").SetAsync("only:v1:here", new byte[] { 1 }, TimeSpan.FromMinutes(1));

        using var there = await services.GetRequiredKeyedService<IResponseCache>("two").GetAsync("only:v1:here");
        using var elsewhere = await services.GetRequiredService<IResponseCache>().GetAsync("only:v1:here");
        Assert.That((there.IsHit, elsewhere.IsHit), Is.EqualTo((true, false)));
    }

    /// <summary>Ends the application's connections, and waits until Redis is in use over another one.</summary>
    private static async Task KillAsync(IServer administrator, IRedisStatus status)
    {
        var before = await ConnectionsAsync();
        await administrator.ExecuteAsync("CLIENT", "KILL", "USER", "app");

        await Until.TrueAsync(
            async () => (await ConnectionsAsync()).Except(before).Any() && status.Current.Availability == RedisAvailability.Available,
            () => $"Redis is {status.Current.Availability}: {status.Current.Reason}.");

        async Task<string[]> ConnectionsAsync() =>
            [.. (await administrator.ExecuteAsync("CLIENT", "LIST")).ToString().Split('\n')
                .Where(line => line.Contains("user=app", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])];
    }

    private sealed class Tokens : DefaultOptionsProvider
    {
        public string Current { get; set; } = "first";

        public override string? User => "app";

        public override string? Password => Current;
    }
}
