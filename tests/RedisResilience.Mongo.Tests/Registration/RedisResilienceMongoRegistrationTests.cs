using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Moq;
using RedisResilience.Caching;

namespace RedisResilience.Mongo.Tests.Registration;

internal sealed class RedisResilienceMongoRegistrationTests
{
    private static ServiceProvider Build(Action<RedisResilienceMongoOptions>? change = null, IMongoClient? client = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IResponseCache>(new FakeResponseCache([]));
        if (client is not null)
        {
            services.AddSingleton(client);
        }

        services.AddRedisResilienceMongo(options =>
        {
            options.Database = "shop";
            options.Collection = "forecasts";
            options.KeyPrefix = "forecasts:v1";
            change?.Invoke(options);
        });
        return services.BuildServiceProvider();
    }

    [Test]
    public void ClientOfTheServices_IsUsed()
    {
        var mongo = new FakeMongo([]);
        using var provider = Build(options => options.ConnectionString = "mongodb://elsewhere", mongo.Client);

        var store = provider.GetRequiredService<IMongoDocumentStore>();

        Assert.That(provider.GetRequiredService<IMongoDocumentStore>(), Is.SameAs(store));
        Assert.That(mongo.Settings, Is.Not.Null);
    }

    [Test]
    public void ConnectionString_MakesAClient()
    {
        using var provider = Build(options => options.ConnectionString = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=1");

        Assert.That(provider.GetRequiredService<IMongoDocumentStore>(), Is.Not.Null);
        Assert.That(provider.GetRequiredService<IMongoClient>().Settings.Server.Port, Is.EqualTo(1));
    }

    [Test]
    public void NeitherClientNorConnectionString_IsSaid()
    {
        using var provider = Build();

        Assert.That(provider.GetRequiredService<IMongoDocumentStore>, Throws.InvalidOperationException.With.Message.Contains("ConnectionString"));
    }

    [Test]
    public void Registration_TouchesNoMongo()
    {
        var client = new Mock<IMongoClient>(MockBehavior.Strict);

        using var provider = Build(client: client.Object);
        provider.GetRequiredService<IStartupValidator>().Validate();

        Assert.That(client.Invocations, Is.Empty);
    }

    [Test]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new RedisResilienceMongoOptions();

        Assert.That((options.KeyField, options.TimeToLive, options.HideId, options.ConnectionString), Is.EqualTo(("_id", TimeSpan.FromSeconds(60), true, (string?)null)));
    }

    private static IEnumerable<TestCaseData<string, Action<RedisResilienceMongoOptions>>> WrongOptions =>
    [
        new(nameof(RedisResilienceMongoOptions.Database), options => options.Database = ""),
        new(nameof(RedisResilienceMongoOptions.Database), options => options.Database = "a/b"),
        new(nameof(RedisResilienceMongoOptions.Collection), options => options.Collection = null!),
        new(nameof(RedisResilienceMongoOptions.Collection), options => options.Collection = "a\0b"),
        new(nameof(RedisResilienceMongoOptions.KeyField), options => options.KeyField = ""),
        new(nameof(RedisResilienceMongoOptions.KeyField), options => options.KeyField = "a.b"),
        new(nameof(RedisResilienceMongoOptions.KeyField), options => options.KeyField = "$a"),
        new(nameof(RedisResilienceMongoOptions.KeyPrefix), options => options.KeyPrefix = ""),
        new(nameof(RedisResilienceMongoOptions.KeyPrefix), options => options.KeyPrefix = "a\n"),
        new(nameof(RedisResilienceMongoOptions.KeyPrefix), options => options.KeyPrefix = new string('x', 129)),
        new(nameof(RedisResilienceMongoOptions.TimeToLive), options => options.TimeToLive = TimeSpan.Zero),
        new(nameof(RedisResilienceMongoOptions.TimeToLive), options => options.TimeToLive = TimeSpan.FromDays(366)),
        new(nameof(RedisResilienceMongoOptions.ConnectionString), options => options.ConnectionString = "http://u:secret@h"),
        new(nameof(RedisResilienceMongoOptions.ConnectionString), options => options.ConnectionString = "mongodb://u:secret@h:port"),
        new(nameof(RedisResilienceMongoOptions.ConnectionString), options => options.ConnectionString = "mongodb://u:sec%zzret@h/?w=x&ssl=perhaps"),
        new(nameof(RedisResilienceMongoOptions.ConnectionString), options => options.ConnectionString = ""),
    ];

    [TestCaseSource(nameof(WrongOptions))]
    public void WrongOption_StopsTheStart(string property, Action<RedisResilienceMongoOptions> change)
    {
        using var provider = Build(change);

        var refusal = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.That(refusal.Failures, Has.One.Items.And.One.Contains(property));
        Assert.That(refusal.ToString(), Does.Not.Contain("secret").And.Not.Contain("sec%"));
    }
}
