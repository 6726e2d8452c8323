using Microsoft.AspNetCore.Http;

namespace RedisResilience.Dashboard.Access;

/// <summary>
/// The security header fields of every response of the page: it loads nothing from other sites, cannot be framed, and is neither stored nor
/// indexed.
/// </summary>
internal static class PageHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action "
            + "'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        if (context.Request.IsHttps || LocalRequests.IsLoopbackName(context.Request.Host.Host))
        {
            // Browsers hear this only over TLS or from this machine, and complain on the page's console elsewhere.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";

        // To this page itself: by it, a request that a proxy has handed on without a word is told from a local one.
        headers["Referrer-Policy"] = "same-origin";
        headers["X-Robots-Tag"] = "noindex, nofollow";
    }
}
