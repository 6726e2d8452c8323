using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>The words beside a status, where an endpoint has chosen its own (RFC 9112, section 4).</summary>
internal static class ReasonPhrase
{
    /// <summary>The phrase; null for the one that the status has anyway.</summary>
    public static string? Of(HttpResponse response) =>
        response.HttpContext.Features.Get<IHttpResponseFeature>()?.ReasonPhrase is { Length: > 0 } phrase
        && phrase != ReasonPhrases.GetReasonPhrase(response.StatusCode)
            ? phrase
            : null;

    /// <summary>Sets the phrase; null: the one that the status has anyway.</summary>
    public static void Set(HttpResponse response, string? phrase)
    {
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = phrase;
        }
    }
}
