using System.Security.Cryptography;
using System.Text;

namespace RedisResilience.Http.Caching.Keys;

/// <summary>
/// The key of a request: <c>http:{client}:GET:{authority}{path}:{hash}</c>. What may be secret, the query and the user, is in the hash
/// alone; so is all that the readable part leaves out, which two requests may share.
/// </summary>
internal static class RequestKey
{
    private const string Prefix = "http:";
    private const int HashLength = 16;
    private const int LongestReadable = 256;

    // What stands before a variant's place, and the place.
    private const int LongestPlace = 5;

    /// <summary>The key; null when the request has no absolute URI of HTTP.</summary>
    public static string? Of(HttpRequestMessage request, string client, HttpCacheOptions options) =>
        request.RequestUri is not { IsAbsoluteUri: true } uri ? null
        : request.Options.TryGetValue(HttpCacheRequest.Key, out var own) ? Own(request, own, client, options)
        : Of(request, uri, client, options);

    /// <summary>The key that a request has by a URI, such as its own, or another of the same authority.</summary>
    public static string? Of(HttpRequestMessage request, Uri uri, string client, HttpCacheOptions options)
    {
        var user = options.IsPrivate ? User(request, options) : null;
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        var readable = $"{uri.IdnHost}{(uri.IsDefaultPort ? "" : $"_{uri.Port}")}{uri.AbsolutePath}".Replace(':', '_');
        readable = readable.Length > LongestReadable ? readable[..LongestReadable] : readable;
        return $"{Prefix}{client}:GET:{readable}:{Hash($"{uri.Scheme}://{uri.IdnHost}:{uri.Port}{uri.PathAndQuery}\n{user}")}";
    }

    /// <summary>A key beside another. It stands in the client's part, which is escaped: no request's own key can be the same.</summary>
    public static string Beside(string key, int place) => key.Insert(key.IndexOf(':', Prefix.Length), $"+{place}");

    /// <summary>A part of a key that does not show what it was made of.</summary>
    public static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..HashLength]);
    }

    private static string Own(HttpRequestMessage request, string own, string client, HttpCacheOptions options)
    {
        var key = options.IsPrivate ? $"{Prefix}{client}:{own}:{Hash(User(request, options))}" : $"{Prefix}{client}:{own}";
        return RedisKeyLimits.IsValid(key) && key.Length <= RedisKeyLimits.MaximumLength - LongestPlace
            ? key
            : throw new ArgumentException("The key of the request is too long, or not clean text.", nameof(request));
    }

    private static string User(HttpRequestMessage request, HttpCacheOptions options) => options.User is { } name
        ? $"user:{name(request)}"
        : $"fields:{string.Join('\n', request.Headers.Lines("Authorization"))}\n\n{string.Join('\n', request.Headers.Lines("Cookie"))}";
}
