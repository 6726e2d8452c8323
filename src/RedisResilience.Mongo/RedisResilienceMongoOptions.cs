namespace RedisResilience.Mongo;

/// <summary>
/// Which documents an <see cref="IMongoDocumentStore"/> reads, and how they are cached. The options are read once, and validated when the
/// host starts.
/// </summary>
public sealed class RedisResilienceMongoOptions
{
    /// <summary>A <c>mongodb://</c> or <c>mongodb+srv://</c> string for a client of its own.</summary>
    /// <remarks>When the services have an <see cref="IMongoClient"/> as well, that one is used.</remarks>
    /// <value>Default: null, the <see cref="IMongoClient"/> of the services.</value>
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

    /// <summary>
    /// The beginning of the entries' keys, before a colon and the id. With <c>predictions:v1</c>, a key is <c>predictions:v1:AAPL</c>.
    /// </summary>
    /// <remarks>To invalidate all entries at once, change the version in it.</remarks>
    /// <value>No default: it must be set. At most 128 characters, no control characters.</value>
    public string KeyPrefix { get; set; } = "";

    /// <summary>
    /// How long a cached document lives. If another program writes and no process follows the changes, an entry can be outdated for this
    /// time.
    /// </summary>
    /// <value>Default: 60 s. From 1 ms to 365 days.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after its time to live a document is served stale while one caller asks MongoDB in the background.</summary>
    /// <value>Default: zero. Up to 365 days.</value>
    public TimeSpan StaleWhileRevalidate { get; set; }

    /// <summary>How long after its time to live a document is served stale when MongoDB fails, is slow or is overloaded.</summary>
    /// <value>Default: zero. Up to 365 days.</value>
    public TimeSpan StaleIfError { get; set; }

    /// <summary>How long the cache remembers that there is no such document.</summary>
    /// <value>Default: null, not at all. From 1 ms to 365 days.</value>
    public TimeSpan? NegativeTimeToLive { get; set; }

    /// <summary>
    /// How long a document lives, instead of <see cref="TimeToLive"/>, if it is cached while no process of the deployment follows the
    /// collection's changes. Only with <c>AddChangeStreamInvalidation</c>.
    /// </summary>
    /// <value>Default: 10 s. From 1 ms to 365 days. Never longer than <see cref="TimeToLive"/>.</value>
    public TimeSpan UnwatchedTimeToLive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call waits for MongoDB. The server gets the same limit.</summary>
    /// <value>Default: 2 s. From 1 ms to 1 hour.</value>
    public TimeSpan CommandDeadline { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After this many unanswered calls in a row, MongoDB is not called for a moment, and calls throw
    /// <see cref="MongoUnavailableException"/>.
    /// </summary>
    /// <value>Default: 5. From 1 to 1,000,000.</value>
    public int FailureThreshold { get; set; } = 5;

    /// <summary>
    /// A top-level field that counts a document's versions. Each write of this library raises it, and a write can require the version that
    /// it has read.
    /// </summary>
    /// <value>Default: null. No dot, no leading <c>$</c>, not the key field and not <c>_id</c>.</value>
    public string? VersionField { get; set; }

    /// <summary>
    /// Whether a write also fills the cache. After the invalidation the library reads the document again from MongoDB, under the same rules
    /// as any other fill, because the written value may be older than that of another writer.
    /// </summary>
    /// <value>Default: false, the next reader fills the cache.</value>
    public bool WritesThrough { get; set; }

    /// <summary>The fields that MongoDB sends, as names or as paths. <c>_id</c> and the key field are always sent.</summary>
    /// <value>Default: empty, all fields.</value>
    public ISet<string> Fields { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary> Changes a document before it becomes JSON. It costs an object for each document that is read from MongoDB. </summary>
    /// <value>Default: null.</value>
    public Func<BsonDocument, BsonDocument>? Transform { get; set; }

    /// <summary>Whether <c>_id</c> is left out of the JSON.</summary>
    /// <value>Default: true, so that the JSON is what was written.</value>
    public bool HideId { get; set; } = true;

    /// <summary>How documents become JSON.</summary>
    /// <value>Default: relaxed Extended JSON v2, nothing renamed or hidden.</value>
    public DocumentJsonOptions Json { get; } = new();
}
