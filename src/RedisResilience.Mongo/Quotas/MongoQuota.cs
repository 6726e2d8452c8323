using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo;

/// <summary>
/// A limit that must survive the loss of Redis, such as calls a month that are paid for: counted in MongoDB, in one document for each key and by one
/// atomic update (<c>findAndModify</c> with an aggregation pipeline), judged by MongoDB's clock (<c>$$NOW</c>).
/// </summary>
/// <remarks>
/// Exact: in no calendar period are more permits given than the quota has. A permit costs a round trip to MongoDB and a write that the majority
/// acknowledges, so put a rate limit of Redis before it. Exceptions of MongoDB pass through: a quota does not guess. When one is thrown, the permits may
/// have been taken. A TTL index on <c>expireAt</c> removes the documents of keys that are not used any more.
/// </remarks>
public sealed class MongoQuota
{
    private const string Used = "used";
    private const string Granted = "granted";
    private const string Start = "start";
    private const string End = "expireAt";

    private readonly IMongoCollection<BsonDocument> _collection;
    private readonly string _unit;
    private readonly long _permits;
    private readonly FindOneAndUpdateOptions<BsonDocument> _upsert = new() { IsUpsert = true, ReturnDocument = ReturnDocument.After };

    /// <summary>A quota. Nothing is contacted here.</summary>
    /// <param name="collection">Where it is counted; one for each quota. Read and written with the majority, whatever its settings say.</param>
    /// <param name="permits">How many permits each key has in a period. At least 1.</param>
    /// <param name="period">The calendar period, in UTC.</param>
    /// <exception cref="ArgumentNullException"><paramref name="collection"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is less than 1, or <paramref name="period"/> is not one of its values.</exception>
    public MongoQuota(IMongoCollection<BsonDocument> collection, long permits, QuotaPeriod period)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentOutOfRangeException.ThrowIfLessThan(permits, 1);
        _collection = collection.WithWriteConcern(WriteConcern.WMajority);
        _permits = permits;
        _unit = period switch
        {
            QuotaPeriod.Day => "day",
            QuotaPeriod.Month => "month",
            QuotaPeriod.Year => "year",
            _ => throw new ArgumentOutOfRangeException(nameof(period), period, "It must be a day, a month or a year."),
        };
    }

    /// <summary>Takes permits, or none of them.</summary>
    /// <param name="key">Whose quota it is: an account, a tenant.</param>
    /// <param name="permits">How many. 0 asks without taking.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is null or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="MongoException">MongoDB has not counted, or it is not known whether it has.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<QuotaDecision> AcquireAsync(string key, long permits = 1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        var document = await _collection.FindOneAndUpdateAsync<BsonDocument>(
            Builders<BsonDocument>.Filter.Eq("_id", key), Take(permits), _upsert, cancellationToken).ConfigureAwait(false);
        return new QuotaDecision(
            IsAllowed: document[Granted].ToInt64() >= 0,
            Remaining: Math.Max(0, _permits - document[Used].ToInt64()),
            ResetsAt: new DateTimeOffset(document[End].ToUniversalTime(), TimeSpan.Zero));
    }

    // First the period, then what is used of it, then whether that leaves enough, then the taking.
    private UpdateDefinition<BsonDocument> Take(long permits)
    {
        var now = Call("$dateTrunc", new BsonDocument { { "date", "$$NOW" }, { "unit", _unit } });
        var usedNow = Call("$cond", new BsonArray { Call("$eq", new BsonArray { $"${Start}", now }), $"${Used}", 0L });
        var fits = Call("$lte", new BsonArray { Call("$add", new BsonArray { $"${Used}", permits }), _permits });
        var taken = Call("$max", new BsonArray { 0L, $"${Granted}" });
        BsonDocument[] stages =
        [
            Set(Used, usedNow),
            Set(Start, now),
            Set(End, Call("$dateAdd", new BsonDocument { { "startDate", $"${Start}" }, { "unit", _unit }, { "amount", 1 } })),
            Set(Granted, Call("$cond", new BsonArray { fits, permits, -1L })),
            Set(Used, Call("$add", new BsonArray { $"${Used}", taken })),
        ];
        return Builders<BsonDocument>.Update.Pipeline(PipelineDefinition<BsonDocument, BsonDocument>.Create(stages));
    }

    private static BsonDocument Set(string field, BsonValue value) => new("$set", new BsonDocument(field, value));

    private static BsonDocument Call(string name, BsonValue argument) => new(name, argument);
}
