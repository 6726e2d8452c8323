using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// Selects the fields that are stored with a body: those that the endpoint has set, except fields of one connection, one request or one
/// user.
/// </summary>
/// <param name="added">Fields that are stored although they are usually of one request.</param>
/// <param name="left">Fields that are not stored.</param>
internal sealed class StoredHeaders(IReadOnlySet<string> added, IReadOnlySet<string> left)
{
    public const string SetCookie = "Set-Cookie";

    public static readonly StoredHeaders Default = new(FrozenSet<string>.Empty, FrozenSet<string>.Empty);

    /// <summary>
    /// Fields that are never stored: those of one connection (RFC 9110, section 7.6.1) or user, and those that each response gets anew.
    /// </summary>
    public static readonly FrozenSet<string> Never = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "WWW-Authenticate", "Authentication-Info",
        "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "Cache-Status", "ETag", "Content-Type", "Content-Length", "Content-Encoding");

    /// <summary>Those that are of one request or user, unless the application says otherwise.</summary>
    private static readonly FrozenSet<string> OfRequest = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        SetCookie, "Alt-Svc", "Server", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
        "Traceparent", "Tracestate", "Traceresponse", "Request-Id", "X-Request-Id", "X-Correlation-Id", "Server-Timing");

    /// <summary>Fields of a request whose values must not stand in a key.</summary>
    public static readonly FrozenSet<string> Secret = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Authorization", "Proxy-Authorization", "Cookie");

    /// <summary>Those of a response's fields that are stored.</summary>
    /// <param name="headers">The fields that the endpoint, or somebody before it, has set.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="before">The fields that were there before the endpoint ran: whoever has set them does so again on a hit.</param>
    /// <param name="control">What the response says of its fields.</param>
    public List<KeyValuePair<string, StringValues>> Select(
        IHeaderDictionary headers, int status, IReadOnlyDictionary<string, StringValues> before, in CacheControl control)
    {
        var ofConnection = StoredFields.Names(headers.Connection);
        var withheld = StoredFields.Names([control.WithheldFields, control.PrivateFields]);
        var fields = new List<KeyValuePair<string, StringValues>>();
        foreach (var field in headers)
        {
            // Cookies stand together in one field: where others have set theirs, none can be told from them.
            var isSet = !before.TryGetValue(field.Key, out var earlier) || (earlier != field.Value && !IsCookie(field.Key));
            if (isSet && IsStored(field.Key, status) && !ofConnection.Contains(field.Key) && !withheld.Contains(field.Key))
            {
                fields.Add(field);
            }
        }

        return fields;
    }

    public static bool IsCookie(string name) => name.Equals(SetCookie, StringComparison.OrdinalIgnoreCase);

    private bool IsStored(string name, int status) =>
        !Never.Contains(name)
        && !left.Contains(name)
        && (added.Contains(name) || !OfRequest.Contains(name))
        && (status != StatusCodes.Status429TooManyRequests || !name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase));
}
