using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Caching;

/// <summary>What a cache answered: a body and where it came from, or a miss. Dispose it once after use: the body may live in a pooled buffer.</summary>
/// <remarks>The default value is a miss.</remarks>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "A handle to a buffer: two of them are never compared.")]
public readonly struct CachedResponse : IDisposable
{
    private readonly IDisposable? _owner;

    private CachedResponse(ReadOnlyMemory<byte> body, IDisposable? owner, bool isHit, TimeSpan? timeToLive)
    {
        Body = body;
        _owner = owner;
        HasBody = true;
        IsHit = isHit;
        TimeToLive = timeToLive;
    }

    /// <summary>Whether there is a body, from the cache or from the source. An empty body is a body.</summary>
    public bool HasBody { get; }

    /// <summary>Whether the body came from the cache.</summary>
    public bool IsHit { get; }

    /// <summary>The bytes, valid until <see cref="Dispose"/>. Empty when there is no body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>How long a hit had left to live when it was read. Null when it was not asked for, is not known, or has no end.</summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary>A body from a cache.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="owner">Disposed with the response; null when the bytes need no owner.</param>
    /// <param name="timeToLive">How long the entry has left to live, if known.</param>
    public static CachedResponse Hit(ReadOnlyMemory<byte> body, IDisposable? owner = null, TimeSpan? timeToLive = null) =>
        new(body, owner, isHit: true, timeToLive);

    /// <summary>A body from the source.</summary>
    /// <param name="body">The bytes.</param>
    public static CachedResponse Created(ReadOnlyMemory<byte> body) => new(body, owner: null, isHit: false, timeToLive: null);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => _owner?.Dispose();
}
