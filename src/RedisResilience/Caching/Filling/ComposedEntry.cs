namespace RedisResilience.Caching.Filling;

/// <summary>The bytes of an entry to store. The default value means that nothing is stored.</summary>
/// <param name="Bytes">The entry.</param>
/// <param name="FreshFor">How long it is fresh.</param>
/// <param name="Life">How long it lives.</param>
/// <param name="Refusal">The reason why it is not stored, as metrics count it. Null when there is no such reason.</param>
internal readonly record struct ComposedEntry(ReadOnlyMemory<byte> Bytes, TimeSpan FreshFor, TimeSpan Life, string? Refusal = null)
{
    public bool IsStorable => Life > TimeSpan.Zero && Refusal is null;
}
