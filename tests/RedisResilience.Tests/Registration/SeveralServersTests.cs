using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Tests.Registration;

internal sealed class SeveralServersTests
{
    private const string Unreachable = "127.0.0.1:1";
    private readonly IServiceCollection _services = new ServiceCollection().AddFakeLogging();

    [Test]
    public async Task NamedOnes_AreKeyedServicesBesideTheOneWithout()
    {
        _services.AddRedisResilience((string?)null);
        _services.AddRedisResilience("sessions", Unreachable, options => options.KeyPrefix = "s:");
        await using var provider = _services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<IRateLimiter>(), Is.TypeOf<NoOpRateLimiter>());
        Assert.That(provider.GetRequiredKeyedService<IRateLimiter>("sessions"), Is.Not.TypeOf<NoOpRateLimiter>());
        Assert.That(
            provider.GetRequiredKeyedService<IResponseCache>("sessions"), Is.Not.SameAs(provider.GetRequiredService<IResponseCache>()));
        Assert.That(provider.GetRequiredKeyedService<RedisGateway>("sessions").KeyPrefix, Is.EqualTo("s:"));
        Assert.That(provider.GetRequiredKeyedService<IRedisStatus>(
            "sessions").Current.Availability, Is.Not.EqualTo(RedisAvailability.NotConfigured));
        Assert.That(provider.GetRequiredService<IRedisStatus>().Current.Availability, Is.EqualTo(RedisAvailability.NotConfigured));
    }

    [TestCase(null, "without a name")]
    [TestCase("sessions", "'sessions'")]
    public void SecondOfTheSameName_StopsTheStart(string? name, string told)
    {
        for (var call = 0; call < 2; call++)
        {
            _ = name is null ? _services.AddRedisResilience(Unreachable) : _services.AddRedisResilience(name, Unreachable);
        }

        using var provider = _services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredService<IStartupValidator>().Validate(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(told).And.Message.Contains("ReplaceRedisResilience"));
        Assert.That(() =>
            provider.GetRequiredKeyedService<IRateLimiter>(name), Throws.InstanceOf<OptionsValidationException>(), "without a host, too");
    }

    [TestCase(null)]
    [TestCase("sessions")]
    public async Task Replaced_ItIsTheOtherOneWithTheSameOptions(string? name)
    {
        _services.AddRedisResilience("another", Unreachable);
        _ = name is null
            ? _services.AddRedisResilience(Unreachable, options => options.KeyPrefix = "app:")
            : _services.AddRedisResilience(name, Unreachable, options => options.KeyPrefix = "app:");

        _services.ReplaceRedisResilience(null, options => options.MaximumEntrySize = 7, name);

        await using var provider = _services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        var options = provider.GetRequiredService<IOptionsMonitor<RedisResilienceOptions>>().Get(name);
        Assert.That((options.KeyPrefix, options.MaximumEntrySize), Is.EqualTo(("app:", 7)));
        Assert.That(provider.GetRequiredKeyedService<IRateLimiter>(name), Is.TypeOf<NoOpRateLimiter>());
        Assert.That(provider.GetRequiredKeyedService<IRedisStatus>(name).Current.Availability, Is.EqualTo(RedisAvailability.NotConfigured));
        Assert.That(provider.GetRequiredKeyedService<IRateLimiter>("another"), Is.Not.TypeOf<NoOpRateLimiter>());
    }

    [Test]
    public void ReplacedWhereThereIsNone_IsAMistake() =>
        Assert.That(() => _services.ReplaceRedisResilience(null), Throws.InvalidOperationException.With.Message.Contains("without a name"));

    [Test]
    public void ConfigurationWithoutAnEndpoint_IsAMistakeAtOnce() =>
        Assert.That(
            () => _services.AddRedisResilience(new ConfigurationOptions()), Throws.ArgumentException.With.Message.Contains("endpoint"));

    [Test]
    public void MisspeltName_StopsTheStartAndIsTold()
    {
        Section(("KeyPrefix", "app:"), ("CommandDedline", "00:00:01"));
        Assert.That(Validate, Throws.InstanceOf<OptionsValidationException>()
            .With.Message.Contains("'Caches:Redis'").And.Message.Contains("'CommandDedline'").And.Message.Contains("CommandDeadline"));
    }

    [Test]
    public void NamesOfAnotherPackage_AreNone()
    {
        Section(("Permits", "7"), ("ConnectionString", Unreachable));
        _services.AddKeyedSingleton<string[]>("RedisResilience:Caches:Redis", ["Permits"]);
        Assert.That(Validate, Throws.Nothing);
    }

    [Test]
    public void ValueOutOfRange_IsToldWithItsSection()
    {
        Section(("CommandDeadline", "00:02:00"));
        Assert.That(Validate, Throws.InstanceOf<OptionsValidationException>()
            .With.Message.Contains("'Caches:Redis'").And.Message.Contains("CommandDeadline").And.Message.Contains("00:02:00"));
    }

    private void Section(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Caches:Redis:{setting.Name}", (string?)setting.Value)))
            .Build();
        _services.AddRedisResilience(configuration.GetSection("Caches:Redis"));
    }

    private void Validate()
    {
        using var provider = _services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
    }
}
