using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore.Caching.Rules;
using RedisResilience.AspNetCore.Caching.Serving;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>One request that found nothing fresh: it runs its endpoint for the whole cluster, or waits for the one who does.</summary>
internal sealed class EndpointFill(HttpContext context, CacheLookup lookup, HttpCacheServices services, bool isRefresh)
{
    // What the cache has given or, once it is decoded, what stands in its place: disposed once, when all is sent.
    private CachedResponse _cached;

    /// <summary>
    /// Runs the endpoint for this request alone. Its last response could not be stored, so waiting for other requests would be in vain.
    /// </summary>
    public async Task RunAloneAsync(RequestDelegate next)
    {
        using var run = Begin(next, isStoring: false, older: null);
        run.Start(context.RequestAborted);
        await run.SendAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Runs the endpoint for a request that wants a newer response than the stored one. The stored response is removed when the endpoint
    /// has answered, and stays when it has failed. The answer is not stored, because without the right to fill it may be older than a
    /// removal.
    /// </summary>
    public async Task RunAnewAsync(RequestDelegate next)
    {
        using var run = new EndpointRun(context, next, services, new StorageTerms(lookup, false, false) { IsAnew = true }, older: null);
        run.Start(context.RequestAborted);
        if (await run.HasAnsweredAsync().ConfigureAwait(false))
        {
            await services.Cache.RemoveAsync(lookup.Key!, CancellationToken.None).ConfigureAwait(false);
        }

        await run.SendAsync().ConfigureAwait(false);
    }

    public async Task RunAsync(CacheEntryOptions options, RequestDelegate next)
    {
        (options, var older) = isRefresh ? await FindOlderAsync(options).ConfigureAwait(false) : (options, null);
        using (older)
        {
            await RunAsync(options, older, next).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CacheEntryOptions options, Revalidation? older, RequestDelegate next)
    {
        using var run = Begin(next, isStoring: true, older);
        try
        {
            var asking = AskAsync(run, options, context.RequestAborted).AsTask();
            if (await run.IsLeftOpenAsync(asking).ConfigureAwait(false))
            {
                await run.SendAsync().ConfigureAwait(false);
            }
            else
            {
                _cached = await asking.ConfigureAwait(false);
                await AnswerAsync(run, next).ConfigureAwait(false);
            }
        }
        catch (SourceOverloadedException) when (run.TryGiveUp())
        {
            Refuse();
        }
        finally
        {
            _cached.Dispose();
        }
    }

    /// <summary>What is still there of the response, and for how long it may be served by what it says itself.</summary>
    private async ValueTask<(CacheEntryOptions Options, Revalidation? Older)> FindOlderAsync(CacheEntryOptions options)
    {
        var stale = await services.Cache.GetStaleAsync(lookup.Key!, context.RequestAborted).ConfigureAwait(false);
        if (!stale.HasBody || !HttpAnnotation.IsWhole(stale.Annotation.Span))
        {
            stale.Dispose();
            return (options, null);
        }

        var (annotation, status) = (stale.Annotation, HttpAnnotation.StatusOf(stale.Annotation.Span));
        var (control, _) = ResponseFreshness.ControlOf(
            name => HttpAnnotation.Lines(annotation.Span, name), lookup.Entry.TargetedFields);
        options = options with
        {
            StaleWhileRevalidate = StaleWindow.Of(control.StaleWhileRevalidate, control, status) ?? options.StaleWhileRevalidate,
            StaleIfError = StaleWindow.Of(control.StaleIfError, control, status) ?? options.StaleIfError,
        };
        if (Variant.OtherThan(stale, context.Request) is not null || !KnownCallers.MayTake(lookup, stale))
        {
            stale.Dispose();
            return (options, null);
        }

        return (options, Revalidation.Of(stale));
    }

    private EndpointRun Begin(RequestDelegate next, bool isStoring, Revalidation? older) =>
        new(context, next, services, new StorageTerms(lookup, isStoring, isRefresh), older);

    /// <summary>
    /// Asks the cache. If the cache has no response, this request's own run has one, or an exception.
    /// </summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "What the own endpoint throws is thrown by its run; what another's throws is not this request's affair.")]
    private async ValueTask<CachedResponse> AskAsync(EndpointRun run, CacheEntryOptions options, CancellationToken left)
    {
        var isStored = false;
        try
        {
            var cached = await services.Cache.GetOrCreateAsync(
                lookup.Key!, options, run, static (run, token) => run.LoadAsync(token), left).ConfigureAwait(false);
            isStored = cached.IsStored;
            return cached;
        }
        catch (Exception exception) when (!IsOurs(exception, left) || !run.TryGiveUp())
        {
            return default;
        }
        finally
        {
            // The response starts only now, and says whether it is stored.
            run.Tell(isStored);
        }
    }

    // The other exceptions are of those who ran their endpoints for this request too.
    private static bool IsOurs(Exception exception, CancellationToken left) =>
        exception is SourceOverloadedException || (exception is OperationCanceledException && left.IsCancellationRequested);

    private async ValueTask AnswerAsync(EndpointRun run, RequestDelegate next)
    {
        if (!run.TryGiveUp())
        {
            // A stale response stands in for a failed one; so does another's that came first, for which this run was told to stop.
            var status = _cached.IsStale ? CacheStatus.StaleForError : CacheStatus.Of(_cached, isRefresh);
            if (!await run.HasNoResponseAsync().ConfigureAwait(false) || !await TryServeAsync(status, run).ConfigureAwait(false))
            {
                await run.SendAsync().ConfigureAwait(false);
            }
        }
        else if (!await TryServeAsync(CacheStatus.Of(_cached, isRefresh), failed: null).ConfigureAwait(false))
        {
            CacheStatus.AnnounceLater(context.Response, services, CacheStatus.NotStored(Reason.NotShared, isRefresh));
            await next(context).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> TryServeAsync(string status, EndpointRun? failed)
    {
        var canServe = CacheHit.CanServe(_cached);
        if (!_cached.HasBody || (canServe && Variant.OtherThan(_cached, context.Request) is not null))
        {
            return false;
        }

        if (canServe && !KnownCallers.MayTake(lookup, _cached))
        {
            lookup.Endpoint!.HasSaid(isPublic: false);
            return false;
        }

        _cached = canServe ? StoredBody.For(context, _cached) : _cached;
        if (!canServe || !_cached.HasBody)
        {
            // Somebody else's entry, which no fill would replace while it lives.
            _ = services.Cache.RemoveAsync(lookup.Key!, CancellationToken.None).AsTask();
            return false;
        }

        var failure = failed?.Withdraw();
        if (failed is not null && _cached.IsStale)
        {
            Log.StaleServed(services.Logger, failure);
        }

        await CacheHit.WriteAsync(context, lookup, _cached, status, services).ConfigureAwait(false);
        return true;
    }

    private void Refuse()
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        CacheStatus.AnnounceLater(context.Response, services, Reason.Overloaded.Miss);
    }
}
