namespace RedisResilience;

/// <summary>
/// Options of the local tier, which keeps copies of entries in this process, so that a read needs no round trip. It is off until
/// <see cref="KeyPrefixes"/> has a text.
/// </summary>
public sealed class LocalTierOptions
{
    /// <summary>
    /// The local tier keeps entries whose keys begin with one of these texts (without <see cref="RedisResilienceOptions.KeyPrefix"/>), such
    /// as <c>predictions:</c>. The server reports every change under them, so do not name keys that change all the time.
    /// </summary>
    /// <remarks>While it is empty, there is no local tier and no second connection.</remarks>
    /// <value>Default: empty. At most 16 texts, none empty, none the beginning of another.</value>
    public IList<string> KeyPrefixes { get; } = [];

    /// <summary>How much memory the copies may take.</summary>
    /// <value>Default: 67,108,864 bytes. At least 1 MB. An entry larger than an eighth of it is not kept.</value>
    public long MaximumBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary> The longest time that a copy is used. A change can go unnoticed for this time at most, whatever else fails. </summary>
    /// <value>Default: 5 s. From 100 ms to 1 hour. Never longer than the entry has left to live in Redis.</value>
    public TimeSpan MaximumStaleness { get; set; } = TimeSpan.FromSeconds(5);
}
