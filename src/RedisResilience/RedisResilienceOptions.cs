using System.IO.Compression;
using StackExchange.Redis;

namespace RedisResilience;

/// <summary>How the library talks to Redis. The options are validated when the host starts, and read once, when the first service is
/// resolved.</summary>
public sealed class RedisResilienceOptions
{
    /// <summary>A prefix of every key. With different prefixes, several applications can share one database.</summary>
    /// <value>Default: empty. At most 128 characters, no control characters, no braces.</value>
    public string KeyPrefix { get; set; } = "";

    /// <summary>
    /// How long a call waits for Redis before it goes on without an answer. If Redis is so far away that three round trips take longer,
    /// the deadline grows to that, up to <see cref="MaximumCommandDeadline"/>.
    /// </summary>
    /// <value>Default: 250 ms. From 1 ms to 60 s.</value>
    public TimeSpan CommandDeadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How far the deadline may grow for a Redis that is far away. When it equals <see cref="CommandDeadline"/>, the deadline is fixed.
    /// </summary>
    /// <value>Default: 1 s. From <see cref="CommandDeadline"/> to 60 s.</value>
    public TimeSpan MaximumCommandDeadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the background probe asks Redis (<c>PING</c>) whether it is there, and measures the round trip.</summary>
    /// <value>Default: 1 s. From 10 ms to 60 s.</value>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest body that the cache stores. A larger one is served and not stored.</summary>
    /// <value>Default: 1,048,576 bytes. From 1 byte to 512 MB, the largest value of Redis.</value>
    public int MaximumEntrySize { get; set; } = 1024 * 1024;

    /// <summary>
    /// Changes the settings of each connection before it is made: current credentials (<c>User</c> and <c>Password</c>), a client
    /// certificate, or a CA (<c>TrustIssuer</c>).
    /// </summary>
    /// <remarks>
    /// It is called again every ten seconds. If it then sets other credentials, the connection authenticates with them. The library sets
    /// fail fast, heartbeat and deadlines after it. When it throws, the attempt to connect fails and is repeated. It is not called for a
    /// connection that the application shares.
    /// </remarks>
    /// <value>Default: null.</value>
    public Func<ConfigurationOptions, Task>? ConfigureConnection { get; set; }

    /// <summary>The local tier of the cache.</summary>
    public LocalTierOptions LocalTier { get; } = new();

    /// <summary>
    /// The length from which bodies are stored compressed (Brotli). Another program cannot read such an entry as a raw body.
    /// </summary>
    /// <value>Default: null, never. At least 256 bytes.</value>
    public int? CompressionThreshold { get; set; }

    /// <summary>
    /// How hard bodies are compressed: Brotli's quality 1, 4 or 10. A caller who waits for a load waits for the compression, too. At 10 it
    /// takes about 2 ms for 8 KB and 14 ms for 55 KB.
    /// </summary>
    /// <value>
    /// Default: <see cref="CompressionLevel.Optimal"/>. Not <see cref="CompressionLevel.NoCompression"/>, which is a
    /// <see cref="CompressionThreshold"/> of null.
    /// </value>
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    /// <summary>
    /// How long a process may use its copy of the versions of tags and namespaces. It asks Redis again in the background at half that age.
    /// </summary>
    /// <value>Default: 1 s. From zero, which asks with every read, to 60 s.</value>
    public TimeSpan MaximumVersionAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many loads of the source may be under way at once, for all keys of this process together.</summary>
    /// <value>Default: 256. From 1 to 1,000,000.</value>
    public int MaximumConcurrentLoads { get; set; } = 256;

    /// <summary>
    /// How many loads may wait for their turn, each for <see cref="Caching.CacheEntryOptions.MaximumFillWait"/> at most. A further call
    /// gets a stale entry, or a <see cref="Caching.SourceOverloadedException"/>.
    /// </summary>
    /// <value>Default: 16,384. From 0 to 1,000,000.</value>
    public int MaximumQueuedLoads { get; set; } = 16_384;

    /// <summary>
    /// How many removals the process remembers while Redis is away. When there are more, it removes the whole namespace of the key when
    /// Redis is back, or the whole cache for a key without a namespace.
    /// </summary>
    /// <value>Default: 10,000. From 1 to 1,000,000.</value>
    public int MaximumRememberedInvalidations { get; set; } = 10_000;

    /// <summary>
    /// How many different keys this process stores in Redis at once, entries and tags together. It protects Redis from clients that can
    /// choose keys. Responses of further keys are served and not stored. The log, a metric (<c>too_many_keys</c>) and the health check say
    /// so.
    /// </summary>
    /// <remarks>Each key takes about 50 bytes of memory until its entry's life is over.</remarks>
    /// <value>Default: 1,000,000. From 1 to 10,000,000.</value>
    public int MaximumStoredKeys { get; set; } = 1_000_000;

    /// <summary>
    /// How many keys the limiter remembers in the process: so many denied keys, so many with prefetched permits, and so many with a share
    /// in an outage.
    /// </summary>
    /// <value>Default: 10,000. From 3 to 10,000,000. A key takes a few hundred bytes.</value>
    public int MaximumLocalKeys { get; set; } = DefaultMaximumLocalKeys;

    /// <summary>
    /// How long the process denies a key that Redis has denied, before one caller asks Redis again. A reset or a refund by another process
    /// is seen after this time at the latest. A flood of calls for one denied key costs Redis one call in this time for each process.
    /// </summary>
    /// <value>Default: 1 s. From 1 ms to 1 day.</value>
    public TimeSpan DenialRecheckInterval { get; set; } = DefaultDenialRecheckInterval;

    internal static readonly TimeSpan DefaultDenialRecheckInterval = TimeSpan.FromSeconds(1);

    internal const int DefaultMaximumLocalKeys = 10_000;
}
