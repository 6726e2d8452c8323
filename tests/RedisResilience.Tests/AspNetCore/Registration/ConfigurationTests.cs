using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisResilience.AspNetCore;

namespace RedisResilience.Tests.AspNetCore.Registration;

public sealed class ConfigurationTests
{
    [TestCase("Ttl", "00:00:07", 7)]
    [TestCase("TimeToLive", "00:00:07", 7)]
    [TestCase("Other", "00:00:07", 60)]
    public void TimeToLive_HasAnAlias(string name, string value, int seconds) =>
        Assert.That(Read((name, value)), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [Test]
    public void Alias_GivesWayToTheName() =>
        Assert.That(Read(("Ttl", "00:00:07"), ("TimeToLive", "00:00:09")), Is.EqualTo(TimeSpan.FromSeconds(9)));

    private static TimeSpan Read(params (string Name, string Value)[] settings)
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddRedisResilience((string?)null).AddHttp(section);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<RedisResilienceHttpOptions>>().Value.TimeToLive;
    }
}
