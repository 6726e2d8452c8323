namespace RedisResilience;

/// <summary>
/// The local tier: copies of entries in this process, for reads that do not even ask Redis. Off until it is given something to keep.
/// </summary>
public sealed class LocalTierOptions
{
    /// <summary>
    /// Which entries are kept: those whose keys begin with one of these texts (without <see cref="RedisResilienceOptions.KeyPrefix"/>),
    /// such as <c>predictions:</c>. The server tells of every change under them, so they should hold nothing that changes all the time.
    /// </summary>
    /// <remarks>While it is empty, there is no local tier and no second connection.</remarks>
    /// <value>Default: empty. At most 16 texts, none empty, none the beginning of another.</value>
    public IList<string> KeyPrefixes { get; } = [];

    /// <summary>How much memory the copies may take.</summary>
    /// <value>Default: 67,108,864 bytes. At least 1 MB. An entry larger than an eighth of it is not kept.</value>
    public long MaximumBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// The longest time for which a copy is used, and so the longest time for which a change can go unnoticed, whatever else fails.
    /// </summary>
    /// <value>Default: 5 s. From 100 ms to 1 hour. Never longer than the entry has left to live in Redis.</value>
    public TimeSpan MaximumStaleness { get; set; } = TimeSpan.FromSeconds(5);
}
