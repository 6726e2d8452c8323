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

        services.AddRedisResilience((string?)null).AddMongo(options =>
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
    public void SeveralStores_HaveTheirOwnCollectionsAndClients()
    {
        using var shared = new MongoClient("mongodb://127.0.0.1:2/?serverSelectionTimeoutMS=1");
        var services = new ServiceCollection().AddSingleton<IResponseCache>(new FakeResponseCache([])).AddSingleton<IMongoClient>(shared);
        var redis = services.AddRedisResilience((string?)null).AddMongo(
            options => (options.Database, options.Collection, options.KeyPrefix) = ("shop", "forecasts", "forecasts:v1"));
        redis.AddMongo("users", options => (options.Database, options.Collection, options.KeyPrefix) = ("shop", "users", "users"));
        redis.AddMongo("far", options =>
        {
            options.ConnectionString = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=1";
            (options.Database, options.Collection, options.KeyPrefix) = ("shop", "far", "far:v1");
        });
        redis.AddChangeStreamInvalidation().AddChangeStreamInvalidation("far").AddChangeStreamInvalidation("far");
        using var provider = services.BuildServiceProvider();

        var stores = new[]
        {
            provider.GetRequiredService<IMongoDocumentStore>(), provider.GetRequiredKeyedService<IMongoDocumentStore>("users"),
            provider.GetRequiredKeyedService<IMongoDocumentStore>("far"),
        };

        Assert.That(stores, Is.Unique);
        Assert.That(provider.GetRequiredKeyedService<IMongoClient>("far").Settings.Server.Port, Is.EqualTo(1));
        Assert.That(provider.GetRequiredService<IMongoClient>(), Is.SameAs(shared));
        Assert.That(
            services.Count(service => service.ServiceType == typeof(
                Microsoft.Extensions.Hosting.IHostedService) && service.ImplementationFactory is not null),
            Is.EqualTo(2),
            "one watcher for each that is followed");
    }

    [TestCase("a", "a.b")]
    [TestCase("_id.x")]
    public void FieldAndAnotherInsideOfIt_AreRefused(params string[] fields)
    {
        using var provider = Build(options => options.Fields.UnionWith(fields));

        Assert.That(
            () => provider.GetRequiredService<IOptionsMonitor<RedisResilienceMongoOptions>>().CurrentValue,
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("inside"));
    }

    [Test]
    public void OnlyWhoIsFollowed_NeedsAVersionInThePrefix()
    {
        var services = new ServiceCollection();
        var redis = services.AddRedisResilience((string?)null).AddMongo(
            "users", options => (options.Database, options.Collection, options.KeyPrefix) = ("shop", "users", "users"));
        redis.AddMongo("orders", options => (options.Database, options.Collection, options.KeyPrefix) = ("shop", "orders", "orders"));
        redis.AddChangeStreamInvalidation("orders");
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<RedisResilienceMongoOptions>>();

        Assert.That(options.Get("users").Collection, Is.EqualTo("users"));
        Assert.That(() => options.Get("orders"), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("KeyPrefix"));
    }

    [Test]
    public void NeitherClientNorConnectionString_IsSaid()
    {
        using var provider = Build();

        Assert.That(
            provider.GetRequiredService<IMongoDocumentStore>, Throws.InvalidOperationException.With.Message.Contains("ConnectionString"));
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

        Assert.That((options.KeyField, options.TimeToLive, options.HideId, options.ConnectionString), Is.EqualTo(
            ("_id", TimeSpan.FromSeconds(60), true, (string?)null)));
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
        new(
            nameof(RedisResilienceMongoOptions.ConnectionString),
            options => options.ConnectionString = "mongodb://u:sec%zzret@h/?w=x&ssl=perhaps"),
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
