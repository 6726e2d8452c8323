using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Mongo.Following;
using RedisResilience.Mongo.Reading;
using RedisResilience.Mongo.Writing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Registration;

/// <summary>All that belongs to one collection, put together.</summary>
internal sealed class MongoCollectionServices
{
    public MongoCollectionServices(
        IMongoClient client, IResponseCache cache, TimeProvider time, RedisResilienceMongoOptions options, bool isFollowed)
    {
        // Of a secondary that lags, or of what is not yet the majority's and may be rolled back, an old document could come back into the cache.
        var settings = new MongoCollectionSettings
        {
            ReadPreference = ReadPreference.Primary,
            ReadConcern = ReadConcern.Majority,
            WriteConcern = WriteConcern.WMajority,
        };
        (Options, Cache, Time) = (options, cache, time);
        Collection = client.GetDatabase(options.Database).GetCollection<RawBsonDocument>(options.Collection, settings);
        Keys = new DocumentKeys(options.KeyPrefix);
        Tags = isFollowed && options.KeyField != "_id" ? new IdTags($"{options.KeyPrefix}:_id") : null;
        var unwatched = options.UnwatchedTimeToLive < options.TimeToLive ? options.UnwatchedTimeToLive : options.TimeToLive;
        Presence = new WatcherPresence(cache, time, Name, isFollowed ? unwatched : null);
        var calls = new MongoCalls(time, options.CommandDeadline, new MongoBreaker(time, options.FailureThreshold));
        var source = new DocumentSource(Collection, calls, Presence, Tags, options);
        var entry = new CacheEntryOptions(options.TimeToLive)
        {
            StaleWhileRevalidate = options.StaleWhileRevalidate,
            StaleIfError = options.StaleIfError,

            // Nobody can know of a document that nobody tells of.
            NegativeTimeToLive = isFollowed && options.NegativeTimeToLive > unwatched ? unwatched : options.NegativeTimeToLive,
        };
        Store = new MongoDocumentStore(
            client, Collection, new DocumentCache(cache, source, Keys, entry), source, new DocumentWrites(Collection, calls, options), Keys, options);
    }

    public MongoDocumentStore Store { get; }

    private RedisResilienceMongoOptions Options { get; }

    private IResponseCache Cache { get; }

    private TimeProvider Time { get; }

    private IMongoCollection<RawBsonDocument> Collection { get; }

    private DocumentKeys Keys { get; }

    private IdTags? Tags { get; }

    private WatcherPresence Presence { get; }

    private string Name => $"{Options.KeyPrefix}:{Options.Database}.{Options.Collection}";

    public ChangeStreamInvalidation Follow(IServiceProvider services)
    {
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger("RedisResilience.Mongo")
            ?? (ILogger)Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        var start = new StartingPoint(Collection.Database, new ResumePoint(Cache, Name), Options.TimeToLive + Options.StaleWhileRevalidate + Options.StaleIfError);
        var keys = new ChangedKeys(Keys, Options.KeyField, Tags);
        var follower = new ChangeFollower(Collection, Cache, keys, new ResumePoint(Cache, Name), start, Presence, Time, Options.KeyPrefix, logger);
        return new ChangeStreamInvalidation(
            follower, start, Presence, services.GetRequiredService<IRateLimiter>(), services.GetRequiredService<IRedisStatus>(), Time, Name, logger);
    }
}
