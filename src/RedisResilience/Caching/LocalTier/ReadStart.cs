namespace RedisResilience.Caching.LocalTier;

/// <summary>The state of the tier when a read began to find out where its entry stands. By what the read was told then, it may look where
/// nothing is to be found any more.</summary>
internal readonly record struct ReadStart(long Epoch, long At)
{
    /// <summary>Of two reads that become one.</summary>
    public ReadStart Earlier(ReadStart other) => new(Math.Min(Epoch, other.Epoch), Math.Min(At, other.At));
}
