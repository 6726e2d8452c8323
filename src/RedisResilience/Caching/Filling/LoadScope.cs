namespace RedisResilience.Caching.Filling;

/// <summary>The load around the running code. A call of the cache within it is a part of that load.</summary>
/// <param name="cache">Whose load it is. Other caches have the same keys.</param>
/// <param name="key">The key that is loaded.</param>
/// <param name="outer">The outer load, if this one began inside of it. May be null.</param>
internal sealed class LoadScope(object cache, string key, LoadScope? outer)
{
    // Nobody means so many. A source that asks for its own key with itself as the source would never end.
    private const int Deepest = 64;

    private static readonly AsyncLocal<LoadScope?> Ambient = new();

    private readonly int _depth = outer is null ? 1 : outer._depth + 1;
    private volatile IReadOnlyCollection<string> _others = [];
    private volatile bool _hasEnded;

    /// <summary>The load inside which the present context runs, or has begun to run.</summary>
    public static LoadScope? Current => Ambient.Value;

    /// <summary>
    /// Whether this load, or one around it, still runs. Work that a load has started and that outlives it is not a part of it.
    /// </summary>
    public bool IsUnderWay => !_hasEnded || (outer is not null && outer.IsUnderWay);

    /// <summary>Makes this the load inside which the present context runs.</summary>
    /// <exception cref="InvalidOperationException">Loads ask for each other without an end.</exception>
    public void Enter()
    {
        if (_depth > Deepest)
        {
            throw new InvalidOperationException(
                $"Loads ask for each other's keys without an end: {Deepest} of them stand inside one another.");
        }

        Ambient.Value = this;
    }

    /// <summary>Adds further keys that the source loads together with this one.</summary>
    public void Share(IReadOnlyCollection<string> keys) => _others = keys;

    public void End() => _hasEnded = true;

    /// <summary>Whether this load, or one around it, is that of a key.</summary>
    public bool IsOf(object ofCache, string ofKey) =>
        (!_hasEnded && ReferenceEquals(cache, ofCache) && (key == ofKey || _others.Contains(ofKey)))
        || (outer is not null && outer.IsOf(ofCache, ofKey));
}
