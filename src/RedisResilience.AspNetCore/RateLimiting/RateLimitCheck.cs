using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Checks all limits of one request. Either all of them allow the request, or none of them charges it.</summary>
internal sealed class RateLimitCheck(List<RateLimitAcquisition> acquisitions, RateLimitResponses responses)
{
    public List<RateLimitAcquisition> Acquisitions => acquisitions;

    /// <summary>What the response says about the limits.</summary>
    public RateLimitResponses Responses => responses;

    /// <summary>Whether a policy has said no, so far.</summary>
    public bool IsDenied => acquisitions.Exists(acquisition => acquisition.IsDenied);

    /// <summary>
    /// Asks all policies before it waits for any of them, so that all together take one round trip. Null when the request is exempt from
    /// all of them.
    /// </summary>
    public static RateLimitCheck? Begin(HttpContext context, EndpointLimits limits)
    {
        var acquisitions = limits.AcquisitionsFor(context);
        if (acquisitions.Count > 1)
        {
            // Whom one of them is known to deny, Redis need not hear of. A single one looks by itself.
            acquisitions.ForEach(acquisition => acquisition.TryAcquireLocally());
        }

        foreach (var acquisition in acquisitions)
        {
            if (acquisitions.Exists(other => other.IsDenied))
            {
                break;
            }

            if (!acquisition.IsDecided)
            {
                acquisition.Ask(CancellationToken.None, context.RequestAborted);
            }
        }

        return acquisitions.Count == 0 ? null : new RateLimitCheck(acquisitions, limits.Responses);
    }

    /// <summary>
    /// Waits for the answers, and adds them to the response. When one policy denies, the other policies get their permits back before the
    /// client gets the response.
    /// </summary>
    public async ValueTask<bool> IsAllowedAsync(HttpContext context)
    {
        try
        {
            await DecideAsync().ConfigureAwait(false);
        }
        catch
        {
            // The client has left, or whatever else has happened: it is charged for nothing.
            await GiveBackAsync().ConfigureAwait(false);
            throw;
        }

        RateLimitAnnouncement.Register(context.Response, this);
        if (IsDenied)
        {
            await GiveBackAsync().ConfigureAwait(false);
            return false;
        }

        // What is held at the same time is held until the response has ended, a streamed one too.
        foreach (var acquisition in acquisitions)
        {
            if (acquisition.Decision.Lease is { } lease)
            {
                context.Response.RegisterForDisposeAsync(lease);
            }

            // Also when the client leaves or the endpoint throws: then by the status that the response would have had.
            if (acquisition.Policy.CountWhen is { } counts)
            {
                context.Response.OnCompleted(() => counts(context) ? Task.CompletedTask : acquisition.GiveBackAsync().AsTask());
            }
        }

        return true;
    }

    // Who waits for permits waits no longer than until another says no.
    private async ValueTask DecideAsync()
    {
        foreach (var acquisition in acquisitions)
        {
            if (!acquisition.IsWaiting)
            {
                await acquisition.DecideAsync().ConfigureAwait(false);
            }
        }

        for (var place = 0; place < acquisitions.Count && !IsDenied; place++)
        {
            await acquisitions[place].DecideAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask GiveBackAsync() =>
        await Task.WhenAll(acquisitions.Select(acquisition => acquisition.GiveBackAsync().AsTask())).ConfigureAwait(false);
}
