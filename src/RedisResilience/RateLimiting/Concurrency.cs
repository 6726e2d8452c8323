using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Limits.Concurrent;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;

namespace RedisResilience.RateLimiting;

/// <summary>
/// A number of permits that may be held at the same time. An allowed call holds its permits until it disposes
/// <see cref="RateLimitDecision.Lease"/>.
/// </summary>
/// <remarks>
/// The process renews its leases. When a process dies, its permits are free again when its leases end. When a holder forgets to dispose a
/// lease, the permits go back when the garbage collector has collected the lease.
/// </remarks>
public sealed record Concurrency : RateLimit
{
    /// <summary>The most permits that can be held at once.</summary>
    public const int MaximumPermits = 10_000;

    /// <summary>The default lease time: 30 s.</summary>
    public static readonly TimeSpan DefaultLeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>The shortest lease time, 1 s: it must outlast a slow network.</summary>
    public static readonly TimeSpan MinimumLeaseTime = TimeSpan.FromSeconds(1);

    /// <summary>The longest lease time, 1 day. After a crash, permits stay taken for the lease time.</summary>
    public static readonly TimeSpan MaximumLeaseTime = TimeSpan.FromDays(1);

    private static readonly TimeSpan SaidBefore = TimeSpan.FromSeconds(2);

    private static readonly RedisScript LeaseScript = RedisScript.Load<ConcurrencyCounter>(nameof(Concurrency));

    internal Concurrency(int permits, TimeSpan leaseTime)
    {
        Permits = LimitRanges.Permits(permits, MaximumPermits, "each one that is held is an element of a sorted set");
        LeaseTime = LimitRanges.Time(leaseTime, MinimumLeaseTime, MaximumLeaseTime);
        Parameters = new ScriptConstants(Permits, LeaseTime.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <inheritdoc/>
    public override int Permits { get; }

    /// <summary>How long a lease lasts if it is not renewed.</summary>
    public TimeSpan LeaseTime { get; }

    internal override RedisScript Script => LeaseScript;

    internal override ScriptConstants Parameters { get; }

    /// <summary>Zero: permits come back with their leases.</summary>
    public override TimeSpan Window => TimeSpan.Zero;

    /// <inheritdoc/>
    public override bool IsHeld => true;

    internal override string WhyNotPrefetched =>
        "The permits of a concurrency limit are held by its callers, and cannot be held ahead of them.";

    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant) => throw new NotSupportedException(WhyNotPrefetched);

    internal override RateLimit? ShareOf(NodeShare node) =>
        node.ShareOf(Permits) is > 0 and var permits ? new Concurrency(permits, LeaseTime) : null;

    // Until the leases have ended that stood then, also those that were prolonged since: what is left is asked for every second.
    internal override TimeSpan KnownFor(in RateLimitDecision answer) =>
        answer.Remaining < Permits ? LeaseTime + SaidBefore : TimeSpan.Zero;

    internal override CombinedPart ToPart() =>
        throw new ArgumentException("Concurrency ends with its lease and not with time; hold it beside the combined limit.");

    internal override RateLimit OfHeld(int permits) => new Concurrency(permits, LeaseTime) { Name = Name };

    internal override HeldLease ToLease(in LocalKey key, long name, int permits) => new(key, this, LeaseTime, name, permits);

    internal override Counter NewCounter() => new ConcurrencyCounter();
}
