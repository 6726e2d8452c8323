using MongoDB.Driver;
using RedisResilience.Caching;

namespace RedisResilience.Mongo;

/// <summary>Which documents <see cref="IMongoDocumentStore"/> keeps, and how they are cached. Read once; validated when the host starts.</summary>
public sealed class RedisResilienceMongoOptions
{
    /// <summary>A <c>mongodb://</c> or <c>mongodb+srv://</c> string for a client of its own.</summary>
    /// <value>Default: null, the <see cref="IMongoClient"/> of the services. It is also the one used when there are both.</value>
    public string? ConnectionString { get; set; }

    /// <summary>The database's name.</summary>
    /// <value>No default: it must be set.</value>
    public string Database { get; set; } = "";

    /// <summary>The collection's name.</summary>
    /// <value>No default: it must be set.</value>
    public string Collection { get; set; } = "";

    /// <summary>The top-level field that holds a document's id, a string. Any other than <c>_id</c> needs a unique index.</summary>
    /// <value>Default: <c>_id</c>. Not empty, no dot, no leading <c>$</c>.</value>
    public string KeyField { get; set; } = "_id";

    /// <summary>What stands before a colon and the id in the keys of <see cref="IResponseCache"/>: with <c>predictions:v1</c>, <c>predictions:v1:AAPL</c>.</summary>
    /// <value>No default: it must be set. At most 128 characters, no control characters. A new version in it invalidates all entries at once.</value>
    public string KeyPrefix { get; set; } = "";

    /// <summary>How long a cached document lives: also how long it can be stale when an invalidation is lost, or when another program writes.</summary>
    /// <value>Default: 60 s. From 1 ms to 365 days.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether <c>_id</c> is left out of the JSON.</summary>
    /// <value>Default: true, so that the JSON is what was written.</value>
    public bool HideId { get; set; } = true;

    /// <summary>How documents become JSON.</summary>
    /// <value>Default: relaxed Extended JSON v2, nothing renamed or hidden.</value>
    public DocumentJsonOptions Json { get; } = new();
}
