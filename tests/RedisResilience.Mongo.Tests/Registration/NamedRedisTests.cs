using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.Tests.Registration;

/// <summary>A store that is added to a Redis with a name uses that one.</summary>
internal sealed class NamedRedisTests
{
    [Test]
    public async Task Store_UsesTheRedisWhoseBuilderAddedIt()
    {
        var mongo = new FakeMongo([]);
        var (unnamed, named) = (new FakeResponseCache([]), new FakeResponseCache([]));
        var services = new ServiceCollection();
        services.AddSingleton(mongo.Client).AddSingleton<IResponseCache>(unnamed).AddKeyedSingleton<IResponseCache>("sessions", named);
        services.AddRedisResilience((string?)null);
        services.AddRedisResilience("sessions", (string?)null)
            .AddMongo(options => (options.Database, options.Collection, options.KeyPrefix) = ("shop", "forecasts", "forecasts:v1"));
        await using var provider = services.BuildServiceProvider();
        named.Entries["forecasts:v1:A"] = "named"u8.ToArray();
        unnamed.Entries["forecasts:v1:A"] = "unnamed"u8.ToArray();

        using var response = await provider.GetRequiredService<IMongoDocumentStore>().GetAsync("A");

        Assert.That(response.Body.ToArray(), Is.EqualTo("named"u8.ToArray()));
    }
}
