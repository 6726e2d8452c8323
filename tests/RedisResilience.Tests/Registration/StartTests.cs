using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Tests.Registration;

internal sealed class StartTests
{
    private const string Unreachable = "127.0.0.1:1";
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task Redis_IsNotWaitedForUnlessItIsRequired()
    {
        await using var provider = Services(services => services.AddRedisResilience(Unreachable));
        await Starter(provider).StartingAsync(CancellationToken.None).WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task RequiredRedisThatIsAway_StopsTheStartAfterItsTime()
    {
        await using var provider = Services(services => services.AddRedisResilience(Unreachable).RequireRedis(TimeSpan.FromSeconds(5)));
        var start = Starter(provider).StartingAsync(CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(start.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(async () => await start.WaitAsync(
            Patience.Limit), Throws.InvalidOperationException.With.Message.Contains("RequireRedis").And.Message.Contains("00:00:05"));
    }

    [TestCase(null, "Redis is required")]
    [TestCase("sessions", "Redis 'sessions' is required")]
    public async Task RequiredRedisThatIsNotConfigured_StopsTheStartAtOnce(string? name, string told)
    {
        await using var provider = Services(services =>
            (name is null ? services.AddRedisResilience((string?)null) : services.AddRedisResilience(name, (string?)null)).RequireRedis());
        Assert.That(
            async () => await Starter(provider).StartingAsync(CancellationToken.None),
            Throws.InvalidOperationException.With.Message.Contains(told).And.Message.Contains("none is configured"));
    }

    [Test]
    public async Task StartThatTakesLong_LeavesTheFirstCallItsWholeDeadline()
    {
        var connecting = new TaskCompletionSource<IConnectionMultiplexer>();
        await using var provider = Services(services => services.AddRedisResilience(_ => connecting.Task));
        await Starter(provider).StartingAsync(CancellationToken.None);
        var limiter = provider.GetRequiredService<IRateLimiter>();
        var limit = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        var first = limiter.AcquireAsync("alice", limit).AsTask();
        Assert.That(first.IsCompleted, Is.False, "it waits for the first attempt");
        _time.Advance(new RedisResilienceOptions().MaximumCommandDeadline);

        Assert.That((await first.WaitAsync(Patience.Limit)).Source, Is.EqualTo(DecisionSource.FailurePolicy));
        Assert.That(limiter.AcquireAsync("alice", limit).AsTask().IsCompletedSuccessfully, Is.True, "nobody waits any more");
    }

    [Test]
    public async Task LimitThatDenies_IsToldWhereThereIsNoRedis()
    {
        await using var provider = Services(services => services.AddRedisResilience((string?)null));
        var limiter = provider.GetRequiredService<IRateLimiter>();
        var limit = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

        await limiter.AcquireAsync("alice", limit with { Name = "search" });
        await limiter.AcquireAsync("alice", limit with { Name = "login", FailurePolicy = FailurePolicy.Deny });
        limiter.TryAcquireLocally("bob", limit with { Name = "login", FailurePolicy = FailurePolicy.Deny }, 1, out _);

        var told = provider.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == Log.NotEnforcedId);
        Assert.That(told.Select(record => record.GetStructuredStateValue("Limit")), Is.EqualTo(new[] { "login" }));
    }

    [Test]
    public void TimeThatIsNone_IsRefused() => Assert.That(
        () => new ServiceCollection().AddRedisResilience(Unreachable).RequireRedis(TimeSpan.Zero), Throws
            .InstanceOf<ArgumentOutOfRangeException>());

    private static IHostedLifecycleService Starter(ServiceProvider provider) =>
        provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Single();

    private ServiceProvider Services(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection().AddFakeLogging().AddSingleton<TimeProvider>(_time);
        add(services);
        return services.BuildServiceProvider();
    }
}
