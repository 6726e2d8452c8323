using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Lets the endpoint answer one request, and stores what it answers if everybody may be given it.</summary>
internal sealed class CacheMiss(HttpContext context, CacheLookup lookup, IResponseCache cache, IRedisStatus status, ResponseCapture capture)
{
    private static readonly Task<bool> NotStored = Task.FromResult(false);

    private Task<bool> _storing = NotStored;

    public async Task RunAsync(RequestDelegate next, IHttpResponseBodyFeature body)
    {
        // Registered before the endpoint runs, and so called after its own callbacks: a session's cookie is seen.
        context.Response.OnStarting(static state => ((CacheMiss)state).DecideAsync(), this);
        context.Features.Set<IHttpResponseBodyFeature>(capture);
        try
        {
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                // Also for an exception: its handler writes to the client, not to us.
                context.Features.Set(body);
            }

            await capture.FinishAsync().ConfigureAwait(false);
        }
        finally
        {
            _ = ReleaseAsync();
        }
    }

    /// <summary>The body's memory is in use until both the client and Redis have it. The request waits for the client only.</summary>
    private async Task ReleaseAsync()
    {
        try
        {
            await _storing.ConfigureAwait(false);
        }
        finally
        {
            capture.Dispose();
        }
    }

    private Task DecideAsync()
    {
        // Neither: the endpoint has failed or said nothing, and somebody else answers for it.
        if (capture.IsWhole || capture.PassedThrough is not null)
        {
            var refusal = capture.PassedThrough ?? StorageRules.Refusal(context, lookup.Entry!, capture.Body.Length);
            if (refusal is null)
            {
                Store();
            }

            CacheStatus.Announce(context.Response, status.Current.Availability, Describe(refusal));
        }

        return Task.CompletedTask;
    }

    /// <summary>Begins before the client is sent anything, so that the client's next request finds the entry.</summary>
    private void Store()
    {
        _storing = cache.SetAsync(lookup.Key!, capture.Body, lookup.TimeToLive).AsTask();

        var response = context.Response;
        var tag = EntityTag.Of(capture.Body.Span);
        response.Headers.ETag = tag;
        response.ContentLength = capture.Body.Length;
        if (EntityTag.IsNamed(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentLength = null;
            response.ContentType = null;
        }
    }

    private string Describe(string? refusal) =>
        refusal is not null ? CacheStatus.NotStored(refusal)
        : _storing.IsCompleted && !(_storing.IsCompletedSuccessfully && _storing.Result) ? CacheStatus.NotStored("refused")
        : CacheStatus.Stored;
}
