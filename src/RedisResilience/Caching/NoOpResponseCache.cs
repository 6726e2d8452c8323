using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>
/// A cache that keeps nothing: it is the <see cref="IResponseCache"/> when no Redis is configured, and it is useful in unit tests. Every
/// read is a miss.
/// </summary>
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
        return Complete<CachedResponse>(default, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default) =>
        GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken = default)
    {
        KeyRules.ValidateAll(keys);
        return Complete<IReadOnlyList<CachedResponse>>(new CachedResponse[keys.Count], cancellationToken);
    }

    /// <summary>Stores nothing.</summary>
    /// <inheritdoc cref="IResponseCache.SetAsync"/>
    public ValueTask<bool> SetAsync(
        string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(options);
        return Complete(false, cancellationToken);
    }

    /// <summary>False: there is no such entry.</summary>
    /// <inheritdoc cref="IResponseCache.ExtendAsync"/>
    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        return Complete(false, cancellationToken);
    }

    /// <summary>True: what was never stored is certain to be gone.</summary>
    /// <inheritdoc cref="IResponseCache.RemoveAsync"/>
    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        return Complete(true, cancellationToken);
    }

    /// <summary>True: what was never stored is certain to be gone.</summary>
    /// <inheritdoc cref="IResponseCache.RemoveByTagAsync"/>
    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(tag);
        return Complete(true, cancellationToken);
    }

    /// <summary>True: what was never stored is certain to be gone.</summary>
    /// <inheritdoc cref="IResponseCache.RemoveNamespaceAsync"/>
    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default)
    {
        NamespaceRules.Validate(name);
        return Complete(true, cancellationToken);
    }

    /// <summary>True: what was never stored is certain to be gone.</summary>
    /// <inheritdoc cref="IResponseCache.ClearAsync"/>
    public ValueTask<bool> ClearAsync(CancellationToken cancellationToken = default) => Complete(true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        CacheEntryOptions options,
        TState state,
        Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CachedResponse>(cancellationToken)
            : CreateAsync(state, source, cancellationToken);
    }

    private static async ValueTask<CachedResponse> CreateAsync<TState>(
        TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source, CancellationToken cancellationToken)
    {
        var response = await source(state, cancellationToken).ConfigureAwait(false);
        return response.ToCreated();
    }

    private static ValueTask<T> Complete<T>(T value, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<T>(cancellationToken) : new ValueTask<T>(value);
}
