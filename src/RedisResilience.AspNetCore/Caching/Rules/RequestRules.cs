using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching.Rules;

/// <summary>Which requests the cache has no part in.</summary>
internal static class RequestRules
{
    // What is stored may be served to these; what their endpoint answers is theirs alone, and they wait for nobody.
    private static readonly (Reason Reason, Func<HttpContext, bool> Applies)[] OnMiss =
    [
        (Reason.Upgrade, context =>
            context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true || context.WebSockets.IsWebSocketRequest),
        (Reason.EventStream, context => IsEventStream(context.Request.Headers.Accept.ToString())),
        (Reason.Range, context => context.Request.Headers.Range.Count > 0),
        (Reason.RequestNoStore, context => CacheControl.Parse(context.Request.Headers.CacheControl.AsEnumerable()).NoStore),
    ];

    /// <summary>Why the endpoint's response must not be captured; null if it may be.</summary>
    public static Reason? UncapturedOf(HttpContext context)
    {
        foreach (var (reason, applies) in OnMiss)
        {
            if (applies(context))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Whether a media type is the one of streams of events.</summary>
    public static bool IsEventStream(string? mediaType) =>
        mediaType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
}
