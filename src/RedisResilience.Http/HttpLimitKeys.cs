using RedisResilience.Http.Caching.Keys;

namespace RedisResilience.Http;

/// <summary>Says which requests count together.</summary>
public static class HttpLimitKeys
{
    private const int LongestKept = 256;

    /// <summary>All requests of the client count together, whatever their address.</summary>
    public static Func<HttpRequestMessage, string?> Client { get; } = static _ => "client";

    /// <summary>Each host and port counts separately.</summary>
    public static Func<HttpRequestMessage, string?> Host { get; } = static request =>
        request.RequestUri is { IsAbsoluteUri: true } uri ? $"{uri.IdnHost}_{uri.Port}" : "client";

    /// <summary>
    /// Each value of a header field counts separately, for example a tenant's token. The key contains a hash of the value.
    /// </summary>
    /// <param name="name">The field's name, such as <c>Authorization</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is null or empty.</exception>
    public static Func<HttpRequestMessage, string?> Header(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return request => RequestKey.Hash(string.Join(", ", request.Headers.NonValidated.TryGetValues(name, out var lines) ? lines : []));
    }

    /// <summary>Turns the result of a function into a key that Redis can take.</summary>
    internal static string Clean(string key) =>
        key.Length <= LongestKept && RedisKeyLimits.IsValid(key) ? key : $"%sha256-{RequestKey.Hash(key)}";
}
