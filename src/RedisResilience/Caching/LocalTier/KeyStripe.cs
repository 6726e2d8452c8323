namespace RedisResilience.Caching.LocalTier;

/// <summary>Some of the keys: how many changes have been heard of, and the lock that orders a change and the keeping of a copy.</summary>
internal sealed class KeyStripe
{
    public Lock Lock { get; } = new();

    public long Changes { get; set; }
}
