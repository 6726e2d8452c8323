using RedisResilience.Caching;

namespace RedisResilience.Http.Caching.Entries;

/// <summary>
/// Looks for the response to a request. The first response of a URI has the URI's key, and names the fields that it varies by. Responses
/// for other values of these fields have keys of their own, in a bounded number of places. Removing the first response removes them all.
/// </summary>
internal sealed class ResponseLookup(IResponseCache cache, TimeProvider timeProvider)
{
    private readonly RecentResponses _recent = new();

    public async ValueTask<FoundResponse> FindAsync(CacheCall call, CancellationToken cancellationToken)
    {
        var first = await ReadAsync(call.Key, cancellationToken).ConfigureAwait(false);
        if (first.Response is not { } response || response.Selecting == call.Selecting(response.VaryNames))
        {
            return first;
        }

        first.Dispose();
        if (call.Options.MaximumVariants == 0)
        {
            return new FoundResponse(call.Key, first.Lineage, first.Names) { IsHeld = first.IsHeld };
        }

        var key = call.VariantKey(call.Selecting(response.VaryNames));
        var beside = await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        if (beside.Response is { } variant && variant.Lineage == first.Lineage && variant.Selecting == call.Selecting(response.VaryNames))
        {
            return beside;
        }

        beside.Dispose();
        return new FoundResponse(key, first.Lineage, first.Names) { IsHeld = beside.IsHeld, IsUnavailable = beside.IsUnavailable };
    }

    /// <summary>Decodes the result of a read or a load.</summary>
    public FoundResponse Open(string key, CachedResponse cached)
    {
        var outcome = cached.Outcome;
        cached = cached.Decode();
        if (cached.HasBody && _recent.Read(key, cached.Body) is { } response)
        {
            return FoundResponse.Of(key, response, cached, timeProvider.GetUtcNow());
        }

        cached.Dispose();
        return new FoundResponse(key, 0, []) { IsHeld = outcome == CacheOutcome.Hit, IsUnavailable = outcome == CacheOutcome.Unavailable };
    }

    private async ValueTask<FoundResponse> ReadAsync(string key, CancellationToken cancellationToken) =>
        Open(key, await cache.GetStaleAsync(key, cancellationToken).ConfigureAwait(false));
}
