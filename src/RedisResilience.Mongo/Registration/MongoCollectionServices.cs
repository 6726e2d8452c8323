using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo.Following;
using RedisResilience.Mongo.Reading;
using RedisResilience.Mongo.Writing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Registration;

/// <summary>Creates and connects the parts for one collection.</summary>
internal sealed class MongoCollectionServices
{
    private const string LoggerCategory = "RedisResilience.Mongo";

    /// <param name="client">MongoDB.</param>
    /// <param name="services">The application's services.</param>
    /// <param name="redis">The name of the Redis that is used, if it has one.</param>
    /// <param name="options">The collection, and how it is cached.</param>
    /// <param name="isFollowed">Whether its changes are followed.</param>
    public MongoCollectionServices(
        IMongoClient client, IServiceProvider services, string? redis, RedisResilienceMongoOptions options, bool isFollowed)
    {
        // Of a secondary that lags, or of what is not yet the majority's and may be rolled back, an old document could come back into the
        // cache.
        var settings = new MongoCollectionSettings
        {
            ReadPreference = ReadPreference.Primary,
            ReadConcern = ReadConcern.Majority,
            WriteConcern = WriteConcern.WMajority,
        };
        (Services, Redis, Options) = (services, redis, options);
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Cache = services.GetRequiredKeyedService<IResponseCache>(redis);
        Logger = services.GetService<ILoggerFactory>()?.CreateLogger(LoggerCategory) ?? (ILogger)NullLogger.Instance;
        Collection = client.GetDatabase(options.Database).GetCollection<RawBsonDocument>(options.Collection, settings);
        Keys = new DocumentKeys(options.KeyPrefix);
        Tags = isFollowed && options.KeyField != "_id" ? new IdTags($"{options.KeyPrefix}:_id") : null;
        Applied = new AppliedTime(services.GetKeyedService<IHighWaterMarks>(redis), Time, $"{options.Database}.{options.Collection}");
        var unwatched = options.UnwatchedTimeToLive < options.TimeToLive ? options.UnwatchedTimeToLive : options.TimeToLive;
        Presence = new WatcherPresence(Cache, Applied, Time, Name, isFollowed ? unwatched : null);
        var calls = new MongoCalls(Time, options.CommandDeadline, options.FailureThreshold, Logger);
        var source = new DocumentSource(Collection, new CausalReads(client, calls, Applied, Time), Presence, Tags, options);
        var entry = new CacheEntryOptions(options.TimeToLive)
        {
            StaleWhileRevalidate = options.StaleWhileRevalidate,
            StaleIfError = options.StaleIfError,

            // Nobody can know of a document that nobody tells of.
            NegativeTimeToLive = isFollowed && options.NegativeTimeToLive > unwatched ? unwatched : options.NegativeTimeToLive,
        };
        var documents = new DocumentCache(Cache, source, Keys, entry);
        Store = new MongoDocumentStore(
            client, Collection, documents, source, new DocumentWrites(Collection, calls, options), Applied, Keys, options);
    }

    public MongoDocumentStore Store { get; }

    private IServiceProvider Services { get; }

    private string? Redis { get; }

    private RedisResilienceMongoOptions Options { get; }

    private IResponseCache Cache { get; }

    private TimeProvider Time { get; }

    private ILogger Logger { get; }

    private IMongoCollection<RawBsonDocument> Collection { get; }

    private DocumentKeys Keys { get; }

    private IdTags? Tags { get; }

    private AppliedTime Applied { get; }

    private WatcherPresence Presence { get; }

    private string Name => $"{Options.KeyPrefix}:{Options.Database}.{Options.Collection}";

    public ChangeStreamInvalidation Follow()
    {
        var (log, resume, redis) = (new WatcherLog(
            Logger,
            Collection.CollectionNamespace.FullName), new ResumePoint(Cache,
            Name), Services.GetRequiredKeyedService<IRedisStatus>(Redis));
        var source = new ChangeSource(Collection, new ChangedKeys(Keys, Options.KeyField, Tags), Options.KeyField, log, Time);
        var start = new StartingPoint(
            Collection.Database, resume, Options.TimeToLive + Options.StaleWhileRevalidate + Options.StaleIfError);
        var follower = new ChangeFollower(
            source, Cache, new Removals(Cache, Time), Applied, resume, start, Presence, redis, log, Options.KeyPrefix);
        return new ChangeStreamInvalidation(
            follower, start, Presence, Services.GetRequiredKeyedService<IRateLimiter>(Redis), redis, Time, Name, log);
    }
}
