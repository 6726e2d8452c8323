using RedisResilience.Caching;
using RedisResilience.Dashboard.Recording;
using RedisResilience.Dashboard.Serving;
using RedisResilience.RateLimiting;

namespace RedisResilience.Dashboard.Actions;

/// <summary>Removes entries from the cache, and resets limits.</summary>
internal sealed class Removals(IResponseCache cache, IRateLimiter limiter, Recorder recorder, Configured configured)
{
    private const string DefaultPolicy = "default";

    /// <exception cref="ArgumentException">The value is not a key, a tag or a namespace.</exception>
    public async ValueTask<ActionResponse> DoAsync(ActionRequest request, CancellationToken cancellationToken) => request.Kind switch
    {
        "entry" => Tell(await cache.RemoveAsync(request.Value, cancellationToken).ConfigureAwait(false), "The entry is removed."),
        "tag" => Tell(
        await cache.RemoveByTagAsync(request.Value, cancellationToken).ConfigureAwait(false), "All entries with the tag are given up."),
        "namespace" => Tell(await cache.RemoveNamespaceAsync(
        request.Value, cancellationToken).ConfigureAwait(false), "All entries of the namespace are given up."),
        "limit" => await ResetAsync(request.Value, request.Policy ?? "", cancellationToken).ConfigureAwait(false),
        "denied" => recorder.FindDenied(request.Value) is { } denied
            ? await ResetAsync(denied.Key, denied.Policy, cancellationToken).ConfigureAwait(false)
            : new ActionResponse(false, "That key has not been denied lately."),
        _ => new ActionResponse(false, "There is no such action."),
    };

    private static ActionResponse Tell(bool isDone, string text) =>
        new(isDone, isDone ? text : "Redis could not answer. It is remembered where that is possible, and done when Redis is back.");

    private async ValueTask<ActionResponse> ResetAsync(string key, string policy, CancellationToken cancellationToken) =>
        configured.Find(policy.Length == 0 ? DefaultPolicy : policy) is { } limit
            ? Tell(await limiter.ResetAsync(
                key, limit, cancellationToken).ConfigureAwait(false), "The count is forgotten: the key begins anew.")
            : new ActionResponse(false, "There is no policy of that name whose limit is known here.");
}
