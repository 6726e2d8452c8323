using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Reads and stores values as JSON by reflection, with the shortest code.</summary>
/// <remarks>
/// For applications that are neither trimmed nor compiled ahead of time. <see cref="JsonResponseCacheExtensions"/> uses the metadata that a
/// <c>JsonSerializerContext</c> generates, and passes a state to the source so that the call allocates nothing.
/// </remarks>
public static class ReflectedJsonResponseCacheExtensions
{
    private const string Needs = "The JSON of a type that is not known to a JsonSerializerContext is found out by reflection.";

    /// <summary>
    /// Reads a value. If there is none, asks the source and stores its answer, as JSON by <see cref="JsonSerializerOptions.Web"/>.
    /// </summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="cache">The cache.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="timeToLive">How long a new entry lives: 1 ms to 365 days.</param>
    /// <param name="source">Asked on a miss. Null means that the source has no such value. Its exceptions pass through.</param>
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
