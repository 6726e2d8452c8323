using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting.Platform;

/// <summary>
/// A decision as a lease of the platform. Disposing it gives back permits that are held at the same time. Permits that are counted over
/// time stay counted.
/// </summary>
internal sealed class RedisRateLimitLease : RateLimitLease
{
    private static readonly string[] Names =
    [
        MetadataName.RetryAfter.Name,
        RateLimitMetadataNames.Limit.Name,
        RateLimitMetadataNames.Remaining.Name,
        RateLimitMetadataNames.ResetAfter.Name,
        RateLimitMetadataNames.Source.Name,
    ];

    private RedisRateLimitLease(bool isAcquired, RateLimitAcquisition? acquisition)
    {
        IsAcquired = isAcquired;
        Acquisition = acquisition;
    }

    /// <summary>The lease of an unlimited request.</summary>
    public static RedisRateLimitLease Unlimited { get; } = new(isAcquired: true, acquisition: null);

    /// <summary>The answer of a synchronous call that would have to wait. The caller asks asynchronously then.</summary>
    public static RedisRateLimitLease NotKnown { get; } = new(isAcquired: false, acquisition: null);

    public override bool IsAcquired { get; }

    /// <summary>The charge. Null when no limiter was asked.</summary>
    public RateLimitAcquisition? Acquisition { get; }

    public override IEnumerable<string> MetadataNames => Names.Where(name => TryGetMetadata(name, out _));

    /// <summary>The decision if this process is certain of it, otherwise a failed lease.</summary>
    public static RateLimitLease Attempt(RateLimitAcquisition acquisition) =>
        acquisition.TryAcquireLocally() ? new RedisRateLimitLease(acquisition.Decision.IsAllowed, acquisition) : NotKnown;

    public static async ValueTask<RateLimitLease> DecideAsync(RateLimitAcquisition acquisition, CancellationToken cancellationToken)
    {
        acquisition.Ask(cancellationToken);
        await acquisition.DecideAsync().ConfigureAwait(false);
        return new RedisRateLimitLease(acquisition.Decision.IsAllowed, acquisition);
    }

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = Acquisition is not { Decision: var decision } ? null
            : metadataName == MetadataName.RetryAfter.Name ? decision.IsAllowed || decision.IsImpossible ? null : decision.RetryAfter
            : metadataName == RateLimitMetadataNames.Limit.Name ? decision.Limit
            : metadataName == RateLimitMetadataNames.Remaining.Name ? decision.Remaining
            : metadataName == RateLimitMetadataNames.ResetAfter.Name ? decision.ResetAfter
            : metadataName == RateLimitMetadataNames.Source.Name ? decision.Source
            : null;
        return metadata is not null;
    }

    protected override void Dispose(bool disposing)
    {
        Acquisition?.Decision.Lease?.Dispose();
        base.Dispose(disposing);
    }
}
