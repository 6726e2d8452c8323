using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>All the limits of one request: it is allowed by all of them, or charged by none.</summary>
internal sealed class RateLimitCheck
{
    private readonly List<RateLimitCharge> _charges;

    private RateLimitCheck(List<RateLimitCharge> charges, bool sendsXFields)
    {
        _charges = charges;
        SendsXFields = sendsXFields;
    }

    public IReadOnlyList<RateLimitCharge> Charges => _charges;

    /// <summary>Whether the response also has the fields from before the standard.</summary>
    public bool SendsXFields { get; }

    /// <summary>Whether a policy has said no, so far.</summary>
    public bool IsDenied => _charges.Exists(charge => charge.IsDenied);

    /// <summary>Asks all policies before it waits for any: together they are one round trip. Null when the request is free of all of them.</summary>
    public static RateLimitCheck? Begin(HttpContext context, EndpointLimits limits, IRateLimiter limiter)
    {
        var charges = limits.ChargesFor(context);
        foreach (var charge in charges)
        {
            charge.Ask(limiter);
            if (charge.IsDenied)
            {
                // This process knew the answer, and Redis has no part in it.
                break;
            }
        }

        return charges.Count == 0 ? null : new RateLimitCheck(charges, limits.SendsXFields);
    }

    /// <summary>Waits for the answers, and has the response tell of them.</summary>
    public async ValueTask<bool> IsAllowedAsync(HttpContext context)
    {
        foreach (var charge in _charges)
        {
            await charge.DecideAsync().ConfigureAwait(false);
        }

        RateLimitAnnouncement.Register(context.Response, this);
        return !IsDenied;
    }
}
