using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using RedisResilience.Caching;
using RedisResilience.Mongo.Registration;

namespace RedisResilience.Mongo.Tests;

/// <summary>A store over a fake MongoDB and a fake cache, which write down in one journal what is asked of them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class StoreFixture
{
    protected StoreFixture()
    {
        Mongo = new FakeMongo(Journal);
        Cache = new FakeResponseCache(Journal);
        Marks = new FakeMarks(Journal);
    }

    protected List<string> Journal { get; } = [];

    protected FakeMongo Mongo { get; }

    protected FakeResponseCache Cache { get; }

    protected FakeMarks Marks { get; }

    protected FakeLogCollector Logs { get; } = new();

    protected RedisResilienceMongoOptions Options { get; } =
        new() { Database = "shop", Collection = "forecasts", KeyPrefix = "forecasts:v1" };

    protected MongoDocumentStore Store => NewStore(TimeProvider.System);

    protected MongoDocumentStore NewStore(TimeProvider time)
    {
        var services = new ServiceCollection()
            .AddSingleton<IResponseCache>(Cache)
            .AddSingleton<IHighWaterMarks>(Marks)
            .AddSingleton(time)
            .AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(Logs)));
        return new MongoCollectionServices(Mongo.Client, services.BuildServiceProvider(), redis: null, Options, isFollowed: false).Store;
    }

    protected static string? Text(ReadOnlyMemory<byte>? body) => body is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}
