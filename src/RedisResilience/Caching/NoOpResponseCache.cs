using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Keeps nothing: what <see cref="IResponseCache"/> is when no Redis is configured, and in unit tests. Every read is a miss.</summary>
public sealed class NoOpResponseCache : IResponseCache
{
    private NoOpResponseCache()
    {
    }

    /// <summary>The only instance: it has no state.</summary>
    public static NoOpResponseCache Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<CachedResponse>(cancellationToken) : default;
    }

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default) => GetAsync(key, cancellationToken);

    /// <summary>Stores nothing.</summary>
    /// <inheritdoc cref="IResponseCache.SetAsync"/>
    public ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> body, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(false);
    }

    /// <summary>True: what was never stored is certain to be gone.</summary>
    /// <inheritdoc cref="IResponseCache.RemoveAsync"/>
    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(true);
    }

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        TimeSpan timeToLive,
        TState state,
        Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source,
        CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        ArgumentNullException.ThrowIfNull(source);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CachedResponse>(cancellationToken)
            : CreateAsync(state, source, cancellationToken);
    }

    private static async ValueTask<CachedResponse> CreateAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source, CancellationToken cancellationToken) =>
        await source(state, cancellationToken).ConfigureAwait(false) is { } body ? CachedResponse.Created(body) : default;
}
