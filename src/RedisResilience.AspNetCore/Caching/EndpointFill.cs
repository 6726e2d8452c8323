using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>One request that found nothing fresh: it runs its endpoint for the whole cluster, or waits for the one who does.</summary>
internal sealed class EndpointFill(HttpContext context, CacheLookup lookup, HttpCacheServices services, bool isRefresh)
{
    /// <summary>Runs the endpoint for this request alone: its response could not be stored the last time, and waiting for each other would be in vain.</summary>
    public async Task RunAloneAsync(RequestDelegate next)
    {
        using var run = Begin(next, isStoring: false);
        run.Start(context.RequestAborted);
        await run.SendAsync().ConfigureAwait(false);
    }

    public async Task RunAsync(CacheEntryOptions options, RequestDelegate next)
    {
        using var run = Begin(next, isStoring: true);
        try
        {
            using var cached = await AskAsync(run, options).ConfigureAwait(false);
            await AnswerAsync(run, cached, next).ConfigureAwait(false);
        }
        catch (SourceOverloadedException) when (run.TryGiveUp())
        {
            Refuse();
        }
    }

    private EndpointRun Begin(RequestDelegate next, bool isStoring) => new(
        context,
        next,
        services.MaximumEntrySize,
        capture => new StorageDecision(context, lookup, capture, services.Time, services.Status, new StorageTerms(lookup.Key!, services.UncacheableKeys, isStoring, isRefresh)));

    /// <summary>Asks the cache. When that ends without a response, this request's own endpoint has one, or an exception of its own.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What the own endpoint throws is thrown by its run; what another's throws is not this request's affair.")]
    private async ValueTask<CachedResponse> AskAsync(EndpointRun run, CacheEntryOptions options)
    {
        try
        {
            return await services.Cache.GetOrCreateAsync(lookup.Key!, options, run, static (run, token) => run.LoadAsync(token), context.RequestAborted).ConfigureAwait(false);
        }
        catch (Exception exception) when (!IsOurs(exception) || !run.TryGiveUp())
        {
            return default;
        }
    }

    // The other exceptions are of those who ran their endpoints for this request too.
    private bool IsOurs(Exception exception) =>
        exception is SourceOverloadedException || (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    private async ValueTask AnswerAsync(EndpointRun run, CachedResponse cached, RequestDelegate next)
    {
        if (!run.TryGiveUp())
        {
            if (await run.HasFailedAsync().ConfigureAwait(false) && cached.IsStale && CacheHit.CanServe(cached))
            {
                Log.StaleServed(services.Logger, run.Withdraw());
                await CacheHit.WriteAsync(context, lookup, cached, CacheStatus.StaleForError, services).ConfigureAwait(false);
            }
            else
            {
                await run.SendAsync().ConfigureAwait(false);
            }
        }
        else if (CacheHit.CanServe(cached))
        {
            await CacheHit.WriteAsync(context, lookup, cached, CacheStatus.Of(cached, isRefresh), services).ConfigureAwait(false);
        }
        else
        {
            if (cached.HasBody)
            {
                // Somebody else's entry, which no fill would replace while it lives.
                _ = services.Cache.RemoveAsync(lookup.Key!, CancellationToken.None).AsTask();
            }

            CacheStatusAnnouncement.Register(context.Response, services.Status, CacheStatus.NotShared);
            await next(context).ConfigureAwait(false);
        }
    }

    private void Refuse()
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        CacheStatusAnnouncement.Register(context.Response, services.Status, CacheStatus.Overloaded);
    }
}
