namespace RedisResilience.Caching.Filling;

/// <summary>Bytes to be stored. The default value is nothing to be stored.</summary>
internal readonly record struct ComposedEntry(ReadOnlyMemory<byte> Bytes, TimeSpan FreshFor, TimeSpan Life, bool IsTooLarge)
{
    public bool IsStorable => Life > TimeSpan.Zero && !IsTooLarge;
}
