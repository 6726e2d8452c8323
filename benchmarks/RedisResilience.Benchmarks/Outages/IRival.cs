namespace RedisResilience.Benchmarks.Outages;

/// <summary>A cache over Redis as its users set it up, in front of a source that answers at once.</summary>
internal interface IRival : IAsyncDisposable
{
    /// <summary>Reads an entry, or has it made by <paramref name="source"/>. Throws what its user would get.</summary>
    Task<byte[]> GetOrCreateAsync(string key, Func<byte[]> source);

    /// <summary>Whether Redis holds an entry that was made just now: asked of Redis itself, or of a second instance.</summary>
    Task WaitUntilReadyAsync();
}
