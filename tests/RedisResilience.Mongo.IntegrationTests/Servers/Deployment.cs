using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using MongoDB.Driver;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>One process of an application as a user sets it up: cache, store and, if asked for, the watcher.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    /// <summary>For tests of what is answered and not of when: then no busy machine makes MongoDB seem away.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;

    public Deployment(
        string redis,
        string mongo,
        string database,
        bool follows = false,
        Action<RedisResilienceMongoOptions>? configure = null,
        Func<IResponseCache, IResponseCache>? decorate = null,
        TimeSpan? redisDeadline = null)
    {
        var added = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(Logs)))
            .AddRedisResilience(redis, options => options.CommandDeadline = options.MaximumCommandDeadline = redisDeadline ?? Patient)
            .AddMongo(options =>
            {
                options.ConnectionString = mongo;
                options.Database = database;
                options.Collection = "documents";
                options.KeyPrefix = $"{database}:v1";
                options.CommandDeadline = Patient;
                configure?.Invoke(options);
            });
        var services = added.Services;
        if (decorate is not null)
        {
            var plain = services.Single(service => service.ServiceType == typeof(IResponseCache)).ImplementationFactory!;
            services.Replace(ServiceDescriptor.Singleton(provider => decorate((IResponseCache)plain(provider))));
        }

        _services = (follows ? added.AddChangeStreamInvalidation().Services : services).BuildServiceProvider();
        KeyPrefix = $"{database}:v1";
        Name = $"{KeyPrefix}:{database}.documents";
        Store = _services.GetRequiredService<IMongoDocumentStore>();
        Cache = _services.GetRequiredService<IResponseCache>();
        Status = _services.GetRequiredService<IRedisStatus>();
    }

    public IMongoDocumentStore Store { get; }

    public IResponseCache Cache { get; }

    public IRedisStatus Status { get; }

    public IMongoClient Client => _services.GetRequiredService<IMongoClient>();

    public string KeyPrefix { get; }

    /// <summary>What the watcher is called in Redis.</summary>
    public string Name { get; }

    public FakeLogCollector Logs { get; } = new();

    /// <summary>The ids of what the watcher logged.</summary>
    public IEnumerable<int> Events =>
        Logs.GetSnapshot().Where(record => record.Category == "RedisResilience.Mongo").Select(record => record.Id.Id);

    /// <summary>All that was logged, for the message of a test that fails.</summary>
    public string Said =>
        string.Join(Environment.NewLine, Logs.GetSnapshot().Select(record => $"{record.Timestamp:O} {record.Message} {record.Exception}"));

    public static async Task<Deployment> StartAsync(
        string redis, string mongo, string database, bool follows = false, Action<RedisResilienceMongoOptions>? configure = null)
    {
        var deployment = new Deployment(redis, mongo, database, follows, configure);
        await deployment.UntilAvailableAsync();
        await deployment.StartWatchingAsync();
        return deployment;
    }

    public async Task UntilAvailableAsync()
    {
        try
        {
            await Status.WaitUntilAvailableAsync().WaitAsync(Until.Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Redis is {Status.Current}: {Said}");
        }
    }

    public async Task StartWatchingAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(default);
        }
    }

    /// <summary>As a host does it.</summary>
    public async Task StopWatchingAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StopAsync(default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopWatchingAsync();
        await _services.DisposeAsync();
    }
}
