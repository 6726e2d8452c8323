namespace RedisResilience.Caching.LocalTier;

/// <summary>A part of the keys: the number of known changes, and the lock that orders a change and the storing of a copy.</summary>
internal sealed class KeyStripe
{
    public Lock Lock { get; } = new();

    public long Changes { get; set; }
}
