using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.Registration;

namespace RedisResilience.Tests.Registration;

internal sealed class RegistrationTests
{
    // Nothing listens there, and nothing ever may: what is registered with it must work all the same.
    private const string Unreachable = "127.0.0.1:1";

    private readonly IServiceCollection _services = new ServiceCollection().AddFakeLogging();

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" \t ")]
    public void NoConnectionString_GivesTheNoOpsAndOneLogLine(string? connectionString)
    {
        using var provider = _services.AddRedisResilience(connectionString).Services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<IRateLimiter>(), Is.TypeOf<NoOpRateLimiter>());
        Assert.That(provider.GetRequiredService<IResponseCache>(), Is.SameAs(NoOpResponseCache.Instance));
        Assert.That(provider.GetRequiredService<IRedisStatus>().Current.Availability, Is.EqualTo(RedisAvailability.NotConfigured));
        var record = provider.GetFakeLogCollector().GetSnapshot().Single();
        Assert.That(
            (record.Category, record.Id.Id, record.Level), Is.EqualTo(("RedisResilience", Log.NotConfiguredId, LogLevel.Information)));
    }

    [Test]
    public void NoLogging_IsNoError()
    {
        using var provider = new ServiceCollection().AddRedisResilience((string?)null).Services.BuildServiceProvider();
        Assert.That(() => provider.GetRequiredService<IRateLimiter>(), Throws.Nothing);
    }

    [Test]
    public async Task UnreachableServer_EveryServiceIsThereAndAnswersWhenTheFirstAttemptHasFailed()
    {
        await using var provider = _services.AddRedisResilience(Unreachable).Services.BuildServiceProvider();
        var decision = provider.GetRequiredService<IRateLimiter>().AcquireAsync("key", RateLimit.FixedWindow(1, TimeSpan.FromHours(1)));
        Assert.That((await decision.AsTask().WaitAsync(Patience.Limit)).Source, Is.EqualTo(DecisionSource.FailurePolicy));
        using var response = await provider.GetRequiredService<IResponseCache>().GetAsync("key");
        Assert.That(response.IsHit, Is.False);
        Assert.That(provider.GetRequiredService<IRedisStatus>().Current.Availability, Is.Not.EqualTo(RedisAvailability.Available));
    }

    [Test]
    public void Services_ShareOneGateway()
    {
        using var provider = _services.AddRedisResilience(Unreachable).Services.BuildServiceProvider();
        var gateway = provider.GetRequiredService<RedisGateway>();
        Assert.That(gateway, Is.SameAs(provider.GetRequiredService<RedisGateway>()));

        gateway.Dispose();
        Assert.That(provider.GetRequiredService<IRedisStatus>().Current.Reason, Is.EqualTo(Fault.GatewayDisposed.Describe()));
    }

    [Test]
    public void Registration_MakesNothing()
    {
        _services.AddRedisResilience(Unreachable);
        var made = _services.Where(
            service => service.ServiceType.Assembly == typeof(RedisKeyLimits).Assembly && service.ServiceType != typeof(RedisRegistration));
        Assert.That(made, Is.Not.Empty.And.All.Matches<ServiceDescriptor>(
            service => service is { ImplementationInstance: null, Lifetime: ServiceLifetime.Singleton }));
    }

    [Test]
    public async Task Disposed_EitherWayAndTwice_IsQuickAndQuiet()
    {
        var first = new ServiceCollection().AddRedisResilience(Unreachable).Services.BuildServiceProvider();
        var gateway = first.GetRequiredService<RedisGateway>();
        first.Dispose();
        gateway.Dispose();
        Assert.That(gateway.Current.Availability, Is.EqualTo(RedisAvailability.Unavailable));
        var second = new ServiceCollection().AddRedisResilience(Unreachable).Services.BuildServiceProvider();
        second.GetRequiredService<IRateLimiter>();
        await second.DisposeAsync().AsTask().WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task UsedAfterItWasDisposed_IsNoAnswerAndNoException()
    {
        var provider = _services.AddRedisResilience(Unreachable).Services.BuildServiceProvider();
        var cache = provider.GetRequiredService<IResponseCache>();
        await provider.DisposeAsync();
        Assert.That((await cache.GetAsync("key")).IsHit, Is.False);
    }

    [Test]
    public void MalformedConnectionString_IsAnErrorAtOnceAndKeepsThePassword() => Assert.That(
        () => _services.AddRedisResilience("localhost:6379,password=hunter2,nonsense=1"),
        Throws.InstanceOf<ArgumentException>().With.Message.Not.Contain("hunter2"));

    [Test]
    public void NullArguments_AreRefused()
    {
        Assert.That(() => ((IServiceCollection)null!).AddRedisResilience(Unreachable), Throws.ArgumentNullException);
        Assert.That(() => _services.AddRedisResilience((IConfiguration)null!), Throws.ArgumentNullException);
    }

    [Test]
    public void ServicesOfTheUsersOwn_Win()
    {
        var time = new FakeTimeProvider();
        _services.AddSingleton<TimeProvider>(time).AddSingleton<IRateLimiter>(NoOpRateLimiter.Instance);
        using var provider = _services.AddRedisResilience(Unreachable).Services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<TimeProvider>(), Is.SameAs(time));
        Assert.That(provider.GetRequiredService<IRateLimiter>(), Is.SameAs(NoOpRateLimiter.Instance));
    }

    [Test]
    public void ConfigurationSection_GivesConnectionStringAndOptions()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RedisResilience:ConnectionString"] = Unreachable,
            ["RedisResilience:KeyPrefix"] = "app:",
            ["RedisResilience:CommandDeadline"] = "00:00:00.100",
            ["RedisResilience:MaximumEntrySize"] = "4096",
        }).Build();
        using var provider = _services.AddRedisResilience(configuration.GetSection("RedisResilience")).Services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<RedisResilienceOptions>>().Value;
        Assert.That((options.KeyPrefix, options.CommandDeadline, options.MaximumEntrySize), Is.EqualTo(
            ("app:", TimeSpan.FromMilliseconds(100), 4096)));
        Assert.That(provider.GetRequiredService<RedisGateway>().KeyPrefix, Is.EqualTo("app:"));
    }

    [Test]
    public void EmptyConfigurationSection_GivesTheNoOps()
    {
        using var provider = _services.AddRedisResilience(
            new ConfigurationBuilder().Build().GetSection("RedisResilience")).Services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<IRateLimiter>(), Is.TypeOf<NoOpRateLimiter>());
    }
}
