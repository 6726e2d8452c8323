using System.Collections.Immutable;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Local;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting;

/// <summary>A limit: an immutable value that says how many permits a key may take, and in what time.</summary>
/// <remarks>Make one with the static methods of this class, and change it with <c>with</c>. It holds no state of any key, so all calls can
/// share it.</remarks>
public abstract partial record RateLimit
{
    private protected RateLimit()
    {
    }

    /// <summary>The name of the limit. It is a part of the key in Redis, so two limits with different names count the same caller
    /// separately.</summary>
    /// <value>Default: null, no name. Else 1 to 64 letters, digits, <c>.</c>, <c>-</c> and <c>_</c>.</value>
    /// <exception cref="ArgumentException">The name is empty, too long, or has another character.</exception>
    public string? Name
    {
        get;
        init => field = value is null ? null : RateLimitName.Validate(value);
    }

    /// <summary>What a call gets when Redis does not answer: allowed, denied, or a decision by this process's share.</summary>
    /// <value>Default: <see cref="FailurePolicy.Allow"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration's.</exception>
    public FailurePolicy FailurePolicy
    {
        get;
        init => field = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a failure policy.");
    }

    /// <summary>How many permits of a key one process may take ahead of its callers: see <see cref="WithPrefetch"/>.</summary>
    /// <value>Default: 0, none are prefetched.</value>
    public int MaximumPrefetch { get; internal init; }

    /// <summary>The longest <see cref="Name"/>, in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>The longest time that any limit counts over: 365 days.</summary>
    public static readonly TimeSpan MaximumWindow = TimeSpan.FromDays(365);

    /// <summary>The most permits that a key can hold at once under this limit; no call can ever get more.</summary>
    public abstract int Permits { get; }

    /// <summary>
    /// The time after which a key that takes no more has all its permits again. For a window it is the window's length, for a bucket the
    /// time in which an empty one fills, and for several limits the longest of these. Zero for permits that are held, which come back with
    /// their leases.
    /// </summary>
    public abstract TimeSpan Window { get; }

    /// <summary>
    /// How many segments <see cref="Window"/> has. 0 for a window that opens with the key's first permit. Null when the limit does not
    /// count by windows.
    /// </summary>
    public virtual int? WindowSegments => null;

    /// <summary>
    /// Whether every window is as long as <see cref="Window"/> says. Months are not, and neither are the days of a time zone with daylight
    /// saving time.
    /// </summary>
    public virtual bool IsWindowConstant => true;

    /// <summary>Whether permits are held until their lease is disposed, and do not come back with time.</summary>
    public virtual bool IsHeld => false;

    /// <summary>The limits that <see cref="All"/> has combined, in their order. Empty for a single limit.</summary>
    public virtual ImmutableArray<RateLimit> Parts => [];

    /// <summary>
    /// The script that decides for this kind of limit. It takes <see cref="Parameters"/> and a <see cref="PermitRequest"/>.
    /// </summary>
    internal abstract RedisScript Script { get; }

    /// <summary>This limit in the numbers of its script.</summary>
    internal abstract ScriptConstants Parameters { get; }

    /// <summary>Whether those numbers depend on the time, as they do for a calendar window.</summary>
    internal virtual bool MovesWithTime => false;

    /// <summary>The same at the time of a clock.</summary>
    internal virtual ScriptConstants ParametersAt(TimeProvider clock) => Parameters;

    /// <summary>Whether permits can be booked before their time has come.</summary>
    internal virtual bool CanBook => false;

    /// <summary>The reason why permits cannot be prefetched. Null when they can.</summary>
    internal virtual string? WhyNotPrefetched => null;

    /// <summary>How many prefetched permits come back by themselves within a time, if they cannot be given back.</summary>
    internal virtual int ComeBackWithin(TimeSpan time) => int.MaxValue;

    /// <summary>How long Redis's answer about the remaining permits is of use: until all permits are free again.</summary>
    internal virtual TimeSpan KnownFor(in RateLimitDecision answer) => answer.ResetAfter;

    /// <summary>Says until when permits of a grant may be spent, and given back.</summary>
    internal abstract void SetTerms(PrefetchTerms terms, in RateLimitDecision grant);

    /// <summary>
    /// This process's share of the limit, which it enforces without asking the others. The shares of all processes add up to the limit.
    /// Null when the share is nothing.
    /// </summary>
    internal abstract RateLimit? ShareOf(NodeShare node);

    /// <summary>The time by which the script recognizes permits that go back. By default it is the time until which they count.</summary>
    internal virtual long TimeForReturn(long takenAt, long resetAfter) => takenAt + resetAfter;

    /// <summary>This limit as a part of a combined limit's script.</summary>
    /// <exception cref="ArgumentException">This kind of limit cannot be combined.</exception>
    internal abstract CombinedPart ToPart();

    /// <summary>The same at the time of a clock.</summary>
    internal virtual CombinedPart ToPartAt(TimeProvider clock) => ToPart();

    /// <summary>The state of a key that has taken nothing yet, for counting in the process.</summary>
    internal abstract Counter NewCounter();

    /// <summary>The same limit with fewer permits: those that this process may hold by itself during an outage.</summary>
    internal virtual RateLimit OfHeld(int permits) => throw new NotSupportedException("The permits of this limit are not held.");

    /// <summary>A lease of permits that are held.</summary>
    internal virtual HeldLease ToLease(in LocalKey key, long name, int permits) =>
        throw new NotSupportedException("The permits of this limit are not held.");

    /// <summary>
    /// Reads what the script returned, or a counter: permits granted and remaining, microseconds until one more unit of the request is free
    /// and until all is, and the time of the decision by the server's clock (0 of a single fixed window, which asks none).
    /// <paramref name="askedAt"/> is the timestamp of before.
    /// </summary>
    internal virtual RateLimitDecision Decide(in PermitRequest request, in ScriptReply reply, DecisionSource decider, long askedAt)
    {
        var isAllowed = request.IsMetBy(reply.First);
        return new RateLimitDecision
        {
            IsAllowed = isAllowed,
            Granted = (int)reply.First,
            Limit = Permits,
            Remaining = (int)reply.Second,

            // What was booked is allowed, and has its time; whoever booked it waits for that and tells nobody.
            RetryAfter = isAllowed && request.MaximumWait == 0 ? TimeSpan.Zero : Microseconds(reply.Third),
            ResetAfter = Microseconds(reply.Fourth),
            Source = decider,
            Origin = new PermitOrigin(reply.Fifth, askedAt),
        };
    }

    /// <summary>
    /// The same limit with prefetched permits: a process takes permits in batches, and spends them without a round trip. All processes
    /// together stay within the limit, because Redis counts a batch before it is spent. A batch is about as large as what the key needs in
    /// a second, and smaller when the limit is near.
    /// </summary>
    /// <param name="maximum">
    /// The largest number of permits of one key that one process holds, from 1 to the permits of the limit. While one process holds
    /// permits that it does not use, others may be denied. When a process crashes, its permits are lost. Default: null, a tenth of the
    /// limit.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The limit is a <see cref="RateLimiting.SlidingLog"/>, which counts from the moment when a permit is spent and not from when it is
    /// taken, or a <see cref="RateLimiting.Concurrency"/>, whose permits are held already.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximum"/> is out of its range.</exception>
    public RateLimit WithPrefetch(int? maximum = null)
    {
        var most = WhyNotPrefetched is { } reason ? throw new ArgumentException(reason) : maximum ?? Math.Max(1, Permits / 10);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(maximum));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, Permits, nameof(maximum));
        return this with { MaximumPrefetch = most };
    }

    private protected static TimeSpan Microseconds(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);
}
