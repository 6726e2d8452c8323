using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RedisResilience.Dashboard.Access;
using RedisResilience.Dashboard.Recording;
using RedisResilience.RateLimiting;

namespace RedisResilience.Dashboard.Serving;

/// <summary>Sends server-sent events to a page: first the last five minutes, then each second.</summary>
internal sealed class EventStream(
    Recorder recorder, Messages messages, IRateLimiter limiter, TimeProvider timeProvider, CancellationToken stopping)
{
    /// <summary>How many pages can be open at once.</summary>
    public static readonly RateLimit Viewers = RateLimit.Concurrency(16) with { Name = "dashboard-viewers" };

    // The page comes again by itself, and whether it may is looked at anew.
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(10);

    // Whoever does not read what is sent is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task ServeAsync(HttpContext context)
    {
        var decision = await limiter.AcquireAsync("all", Viewers, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        if (!decision.IsAllowed)
        {
            await Gate.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(10)).ConfigureAwait(false);
            return;
        }

        using var place = decision.Lease;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var longest = new CancellationTokenSource(LongestLook, timeProvider);
        using var longestRegistration = longest.Token.Register(ending.Cancel);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await SendAsync(context, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or it is time.
        }
        catch (TimeoutException)
        {
            context.Abort();
        }
    }

    private async Task SendAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var viewer = recorder.Watch(out var history, out var moment);
        await WriteAsync(context, messages.First(history, moment), cancellationToken).ConfigureAwait(false);
        while (true)
        {
            moment = await moment.Next.WaitAsync(cancellationToken).ConfigureAwait(false);
            await WriteAsync(context, messages.Next(moment), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(HttpContext context, byte[] message, CancellationToken cancellationToken) =>
        await context.Response.BodyWriter.WriteAsync(message, cancellationToken).AsTask()
            .WaitAsync(Patience, timeProvider, cancellationToken).ConfigureAwait(false);
}
