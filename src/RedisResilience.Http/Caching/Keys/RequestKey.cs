using System.Security.Cryptography;
using System.Text;

namespace RedisResilience.Http.Caching.Keys;

/// <summary>
/// The key of a request: <c>http:{client}:GET:{authority}{path}:{hash}</c>. The query and the user may be secret, so they are only in the
/// hash. The hash also contains everything else that the readable part leaves out.
/// </summary>
internal static class RequestKey
{
    private const string Prefix = "http:";
    private const int HashLength = 16;
    private const int LongestReadable = 256;

    // The mark before the number of a variant's place, and the number.
    private const int LongestPlace = 5;

    /// <summary>The key of a request. Null if the request has no absolute HTTP URI.</summary>
    public static string? Of(HttpRequestMessage request, string client, HttpCacheOptions options) =>
        request.RequestUri is not { IsAbsoluteUri: true } uri ? null
        : request.Options.TryGetValue(HttpCacheRequest.Key, out var own) ? Own(request, own, client, options)
        : Of(request, uri, client, options);

    /// <summary>The key of a request for a URI: its own, or another of the same authority.</summary>
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

    /// <summary>The key of a variant. The mark stands in the client's part, which is escaped, so no request has the same key.</summary>
    public static string Beside(string key, int place) => key.Insert(key.IndexOf(':', Prefix.Length), $"+{place}");

    /// <summary>A hash as a part of a key.</summary>
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
