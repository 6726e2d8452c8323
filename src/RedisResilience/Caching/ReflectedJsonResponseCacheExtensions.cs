using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Values instead of bytes in the fewest words: what JSON they are is found out by reflection.</summary>
/// <remarks>
/// For applications that are neither trimmed nor compiled ahead of time. <see cref="JsonResponseCacheExtensions"/> takes the metadata that
/// a <c>JsonSerializerContext</c> generates, and a state that makes the source allocate nothing.
/// </remarks>
public static class ReflectedJsonResponseCacheExtensions
{
    private const string Needs = "The JSON of a type that is not known to a JsonSerializerContext is found out by reflection.";

    /// <summary>
    /// Reads a value, or asks the source for it and stores what it gives, as JSON by <see cref="JsonSerializerOptions.Web"/>.
    /// </summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="timeToLive">How long a new entry lives: 1 ms to 365 days.</param>
    /// <param name="source">Asked on a miss. Null says that there is no such thing. What it throws passes through.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value; null when the source has none.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of its range.</exception>
    /// <exception cref="NotSupportedException">Such a value cannot be written as JSON.</exception>
    /// <exception cref="SourceOverloadedException">Too many loads are under way.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    [RequiresUnreferencedCode(Needs)]
    [RequiresDynamicCode(Needs)]
    public static ValueTask<T?> GetOrCreateAsync<T>(
        this IResponseCache cache,
        string key,
        TimeSpan timeToLive,
        Func<CancellationToken, ValueTask<T?>> source,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(source);
        var typeInfo = (JsonTypeInfo<T>)JsonSerializerOptions.Web.GetTypeInfo(typeof(T));
        return cache.GetOrCreateAsync(
            key, new CacheEntryOptions(timeToLive), source, static (source, token) => source(token), typeInfo, cancellationToken);
    }
}
