using System.Diagnostics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>The first moment of a process: what was promised holds from the first call on.</summary>
public sealed class FirstMomentTests
{
    [Test]
    public async Task LimitOfTwo_IsTwoFromTheFirstCallOn()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var services = Services(server.ConnectionString, Patient);
        var limiter = services.GetRequiredService<IRateLimiter>();
        var limit = RateLimit.FixedWindow(2, TimeSpan.FromHours(1));

        var decisions = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => limiter.AcquireAsync("key", limit).AsTask()));

        Assert.That(decisions.Count(decision => decision.IsAllowed), Is.EqualTo(2));
        Assert.That(decisions.Select(decision => decision.Source), Has.None.EqualTo(DecisionSource.FailurePolicy));
    }

    [Test]
    public async Task WaitingCaller_WaitsForThePermitAndNotPastIt()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var services = Services(server.ConnectionString, Patient);
        var limiter = services.GetRequiredService<IRateLimiter>();
        var limit = RateLimit.FixedWindow(1, TimeSpan.FromHours(1));

        Assert.That((await limiter.WaitAsync("key", limit, 1, TimeSpan.FromMilliseconds(1))).IsAllowed, Is.True);
        Assert.That((await limiter.WaitAsync("key", limit, 1, TimeSpan.FromMilliseconds(1))).IsAllowed, Is.False);
    }

    [Test]
    public async Task FirstValueOfADistributedCache_IsNotLost()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var services = Services(server.ConnectionString, Patient);
        var cache = services.GetRequiredService<IDistributedCache>();

        await cache.SetStringAsync("first", "value");

        Assert.That(await cache.GetStringAsync("first"), Is.EqualTo("value"));
    }

    [Test]
    public async Task NobodyThere_CallsWaitForTheFirstAttemptAndNoLonger()
    {
        await using var services = Services("127.0.0.1:1");
        var limiter = services.GetRequiredService<IRateLimiter>();
        var limit = RateLimit.FixedWindow(2, TimeSpan.FromHours(1));

        var decision = await limiter.AcquireAsync("key", limit);

        Assert.That(decision.Source, Is.EqualTo(DecisionSource.FailurePolicy));
        Assert.That(services.GetRequiredService<IRedisStatus>().Current.Availability, Is.EqualTo(
            RedisAvailability.Unavailable), "it has not given up before it knew");
        Assert.That(limiter.AcquireAsync("key", limit).AsTask().IsCompletedSuccessfully, Is.True, "nobody waits any more");
    }

    [Test]
    public async Task SilentServer_CostsAllCallsTogetherOneDeadline()
    {
        await using var network = new FaultyNetwork(1, NetworkFault.BlackHole);
        await using var services = Services(network.ConnectionString);
        var limiter = services.GetRequiredService<IRateLimiter>();
        var limit = RateLimit.FixedWindow(2, TimeSpan.FromHours(1));
        var deadline = new RedisResilienceOptions().MaximumCommandDeadline;
        var began = Stopwatch.GetTimestamp();

        await limiter.AcquireAsync("key", limit);
        var first = Stopwatch.GetElapsedTime(began);
        var later = Enumerable.Range(0, 100).Count(_ => limiter.AcquireAsync("key", limit).AsTask().IsCompletedSuccessfully);

        Assert.That(first, Is.GreaterThan(deadline / 2).And.LessThan(deadline * 5), "one deadline, on a busy machine");
        Assert.That(later, Is.EqualTo(100), "and never again");
    }

    [Test]
    public async Task Host_ConnectsByItself()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddRedisResilience(server.ConnectionString).RequireRedis();
        using var host = builder.Build();

        await host.StartAsync();

        Assert.That(host.Services.GetRequiredService<IRedisStatus>().Current.Availability, Is.EqualTo(RedisAvailability.Available));
        await host.StopAsync();
    }

    [Test]
    public async Task HealthyServerThatIsFar_IsNeverCalledClosedByThisApplication()
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        await using var network = new FaultyNetwork(server.Port, NetworkFault.Latency100);
        for (var start = 0; start < 4; start++)
        {
            await using var services = Services(network.ConnectionString);
            await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
            Assert.That(services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == Log.UnavailableId)
                .Select(record => record.Message), Is.Empty);
        }
    }

    // That calls wait is tested, and not that a busy machine connects within a second.
    private static void Patient(RedisResilienceOptions options) =>
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20);

    private static ServiceProvider Services(string connectionString, Action<RedisResilienceOptions>? configure = null) =>
        new ServiceCollection().AddFakeLogging().AddRedisResilience(connectionString, configure).AddDistributedCache().Services
            .BuildServiceProvider();
}
