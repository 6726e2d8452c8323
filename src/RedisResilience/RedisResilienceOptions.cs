using System.IO.Compression;
using StackExchange.Redis;

namespace RedisResilience;

/// <summary>How the library talks to Redis. Read once, when the first service is resolved; validated when the host starts.</summary>
public sealed class RedisResilienceOptions
{
    /// <summary>Stands before every key, so that several applications can share one database.</summary>
    /// <value>Default: empty. At most 128 characters, no control characters, no braces.</value>
    public string KeyPrefix { get; set; } = "";

    /// <summary>
    /// How long a call waits for Redis before it goes on without an answer. Where three measured round trips take longer, a call waits for
    /// that long, up to <see cref="MaximumCommandDeadline"/>.
    /// </summary>
    /// <value>Default: 250 ms. From 1 ms to 60 s.</value>
    public TimeSpan CommandDeadline { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How far the deadline may grow for a Redis that is far away. Equal to <see cref="CommandDeadline"/>: the deadline is fixed.
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
    /// Changes the settings of each connection before it is made: a login that is valid just now (<c>User</c> and <c>Password</c>), a
    /// client certificate, or a CA (<c>TrustIssuer</c>).
    /// </summary>
    /// <remarks>
    /// It is asked again every ten seconds. When it then gives another login, the connection logs in with that. The library sets what its
    /// promise needs (fail fast, heartbeat, deadlines) after it. When it throws, the attempt has failed and is made again. It is not asked
    /// for a connection that the application shares.
    /// </remarks>
    /// <value>Default: null.</value>
    public Func<ConfigurationOptions, Task>? ConfigureConnection { get; set; }

    /// <summary>The local tier of the cache.</summary>
    public LocalTierOptions LocalTier { get; } = new();

    /// <summary>
    /// From which length on bodies are stored compressed (Brotli). They are then no longer raw bodies that another program can read.
    /// </summary>
    /// <value>Default: null, never. At least 256 bytes.</value>
    public int? CompressionThreshold { get; set; }

    /// <summary>
    /// How hard bodies are compressed: Brotli's quality 1, 4 or 10. Whoever waits for a load waits for that, too: at 10 about 2 ms for 8 KB
    /// and 0.1 s for 50 KB.
    /// </summary>
    /// <value>
    /// Default: <see cref="CompressionLevel.Optimal"/>. Not <see cref="CompressionLevel.NoCompression"/>, which is a
    /// <see cref="CompressionThreshold"/> of null.
    /// </value>
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    /// <summary>
    /// How long a process goes on with what it knows of the versions of tags and namespaces. It asks again in the background at half that
    /// age.
    /// </summary>
    /// <value>Default: 1 s. From zero, where it asks with every read, to 60 s.</value>
    public TimeSpan MaximumVersionAge { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many loads of the source may be under way at once, for all keys of this process together.</summary>
    /// <value>Default: 256. From 1 to 1,000,000.</value>
    public int MaximumConcurrentLoads { get; set; } = 256;

    /// <summary>
    /// How many loads may wait for their turn. Beyond, a stale entry is served, or <see cref="Caching.SourceOverloadedException"/> thrown.
    /// </summary>
    /// <value>Default: 1024. From 0 to 1,000,000.</value>
    public int MaximumQueuedLoads { get; set; } = 1024;

    /// <summary>
    /// How many invalidations are remembered while Redis is away. Beyond, the whole namespace of a key is given up instead when it is back;
    /// or the whole cache, for a key without one.
    /// </summary>
    /// <value>Default: 10,000. From 1 to 1,000,000.</value>
    public int MaximumRememberedInvalidations { get; set; } = 10_000;

    /// <summary>
    /// How many different keys this process makes Redis hold at once, entries and tags together. The entries of further ones are served and
    /// not stored: it is logged, counted (<c>too_many_keys</c>) and told by the health check. For when a client can choose keys after all.
    /// </summary>
    /// <remarks>Each key takes about 50 bytes of memory until its entry's life is over.</remarks>
    /// <value>Default: 1,000,000. From 1 to 10,000,000.</value>
    public int MaximumStoredKeys { get; set; } = 1_000_000;

    /// <summary>
    /// How many keys the limiter remembers in the process: denied ones, those with leased permits, and those with a share in an outage, so
    /// many of each.
    /// </summary>
    /// <value>Default: 10,000. From 3 to 10,000,000. A key takes a few hundred bytes.</value>
    public int MaximumLocalKeys { get; set; } = DefaultMaximumLocalKeys;

    /// <summary>
    /// For how long at most a key that Redis has denied is denied in the process before one caller asks Redis again. Within this time
    /// another process's reset or refund shows, and the loss of all keys. A flood on one denied key costs Redis one call a process in each
    /// such time.
    /// </summary>
    /// <value>Default: 1 s. From 1 ms to 1 day.</value>
    public TimeSpan DenialRecheckInterval { get; set; } = DefaultDenialRecheckInterval;

    internal static readonly TimeSpan DefaultDenialRecheckInterval = TimeSpan.FromSeconds(1);

    internal const int DefaultMaximumLocalKeys = 10_000;
}
