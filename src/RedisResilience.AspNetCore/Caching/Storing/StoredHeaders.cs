using System.Collections.Frozen;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>Which fields of a response are stored with its body, beside its type and its entity tag.</summary>
internal static class StoredHeaders
{
    /// <summary>Those that describe the body to whoever gets it.</summary>
    public static readonly string[] Default =
        ["cache-control", "content-disposition", "content-language", "content-location", "expires", "last-modified", "link"];

    /// <summary>Those that an application cannot have stored: they speak of one connection (RFC 9110, section 7.6.1), of one request or of one user, or are written anew for each response.</summary>
    public static readonly FrozenSet<string> Never = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Alt-Svc",
        "Set-Cookie", "Set-Cookie2", "WWW-Authenticate", "Authentication-Info", "Clear-Site-Data",
        "Retry-After", "RateLimit", "RateLimit-Policy", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
        "Traceparent", "Tracestate", "Traceresponse", "Request-Id", "X-Request-Id", "X-Correlation-Id", "Server-Timing",
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
        "Date", "Server", "Age", "Cache-Status", "Vary", "ETag", "Content-Type", "Content-Length", "Content-Encoding", "Content-Range");

    /// <summary>Fields of a request whose values must not stand in a key.</summary>
    public static readonly FrozenSet<string> Secret = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Authorization", "Proxy-Authorization", "Cookie");
}
