using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RedisResilience.Caching.Json;

namespace RedisResilience.Caching;

/// <summary>Reads and stores values as JSON, with the metadata that your <c>JsonSerializerContext</c> generates.</summary>
/// <remarks>
/// An entry that cannot be read as such a value (garbage, another schema, truncated) is a miss. It is counted and replaced, and never
/// causes an exception.
/// </remarks>
public static class JsonResponseCacheExtensions
{
    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="typeInfo">How the value is read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The value, or the default of <typeparamref name="T"/> when there is none that can be read. For a value type, ask for the nullable
    /// type.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async ValueTask<T?> GetAsync<T>(
        this IResponseCache cache, string key, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var cached = await cache.GetAsync(key, cancellationToken).ConfigureAwait(false);
        JsonBody.TryRead(cached, typeInfo, out var value);
        return value;
    }

    /// <summary>Stores a value and replaces the key's old one.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">How to keep it.</param>
    /// <param name="typeInfo">How the value is written.</param>
    /// <param name="cancellationToken">Ends the wait. The entry may be stored all the same.</param>
    /// <returns>Whether Redis has acknowledged the entry.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static ValueTask<bool> SetAsync<T>(
        this IResponseCache cache, string key, T value, CacheEntryOptions options, JsonTypeInfo<T> typeInfo,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(typeInfo);
        return cache.SetAsync(key, new SourceResponse(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo)), options, cancellationToken);
    }

    /// <summary>Reads a value. If there is none, asks the source and stores its answer.</summary>
    /// <typeparam name="TState">The type of the source's argument.</typeparam>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="options">How to keep it.</param>
    /// <param name="state">Handed to <paramref name="source"/>, so that it can be static and allocate nothing.</param>
    /// <param name="source">Asked on a miss. Null means that the source has no such value. Its exceptions pass through.</param>
    /// <param name="typeInfo">How the value is read and written.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value; null when the source has none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="SourceOverloadedException">Too many loads are under way.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async ValueTask<T?> GetOrCreateAsync<TState, T>(
        this IResponseCache cache,
        string key,
        CacheEntryOptions options,
        TState state,
        Func<TState, CancellationToken, ValueTask<T?>> source,
        JsonTypeInfo<T> typeInfo,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(typeInfo);
        var load = (state, source, typeInfo);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var response = await cache.GetOrCreateAsync(
                key, options, load, static (load, token) => LoadAsync(load.source(load.state, token), load.typeInfo), cancellationToken)
                .ConfigureAwait(false);
            if (!response.HasBody)
            {
                return default;
            }

            if (JsonBody.TryRead(response, typeInfo, out var value))
            {
                return value;
            }

            // Whoever wrote that is of another version: once it is away, the next attempt fills anew.
            await cache.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        }

        // Two versions that write over each other, or a Redis that cannot remove: the source is right.
        return await source(state, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<SourceResponse> LoadAsync<T>(ValueTask<T?> load, JsonTypeInfo<T> typeInfo) =>
        await load.ConfigureAwait(false) is { } value
            ? new SourceResponse(JsonSerializer.SerializeToUtf8Bytes(value, typeInfo))
            : SourceResponse.Nothing;
}
