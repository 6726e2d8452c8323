using System.Security.Cryptography;
using System.Text;

namespace RedisResilience.Http.Caching.Keys;

/// <summary>
/// The key of a request: <c>http:{client}:GET:{authority}{path}:{hash}</c>. What may be secret, the query and the user, is in the hash
/// alone; so is all that the readable part leaves out, which two requests may share.
/// </summary>
internal static class RequestKey
{
    private const int HashLength = 16;
    private const int LongestReadable = 256;

    /// <summary>The key; null when the request has no absolute URI of HTTP.</summary>
    public static string? Of(HttpRequestMessage request, string client, HttpCacheOptions options) =>
        request.RequestUri is { IsAbsoluteUri: true } uri ? Of(request, uri, client, options) : null;

    /// <summary>The key that a request has with another URI of the same authority.</summary>
    public static string? Of(HttpRequestMessage request, Uri uri, string client, HttpCacheOptions options)
    {
        var user = options.IsPrivate ? User(request, options) : null;
        if (request.Options.TryGetValue(HttpCacheRequest.Key, out var own) && ReferenceEquals(uri, request.RequestUri))
        {
            var named = user is null ? $"http:{client}:{own}" : $"http:{client}:{own}:{Hash(user)}";
            return RedisKeyLimits.IsValid(named)
                ? named
                : throw new ArgumentException("The key of the request is too long, or not clean text.", nameof(request));
        }

        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
        {
            return null;
        }

        var readable = $"{uri.IdnHost}{(uri.IsDefaultPort ? "" : $"_{uri.Port}")}{uri.AbsolutePath}".Replace(':', '_');
        readable = readable.Length > LongestReadable ? readable[..LongestReadable] : readable;
        return $"http:{client}:GET:{readable}:{Hash($"{uri.Scheme}://{uri.IdnHost}:{uri.Port}{uri.PathAndQuery}\n{user}")}";
    }

    /// <summary>A part of a key that does not show what it was made of.</summary>
    public static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..HashLength]);
    }

    private static string User(HttpRequestMessage request, HttpCacheOptions options) => options.User is { } name
        ? $"user:{name(request)}"
        : $"fields:{string.Join('\n', request.Headers.Lines("Authorization"))}\n\n{string.Join('\n', request.Headers.Lines("Cookie"))}";
}
