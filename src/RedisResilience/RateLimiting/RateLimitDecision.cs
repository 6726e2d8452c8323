using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace RedisResilience.RateLimiting;

/// <summary>The answer to one call of <see cref="IRateLimiter"/>: allowed or not, what is left, and when to come back.</summary>
public readonly record struct RateLimitDecision
{
    /// <summary>Whether the call may go on. If not, it has taken no permit.</summary>
    public required bool IsAllowed { get; init; }

    /// <summary>How many permits the call got. After <see cref="IRateLimiter.AcquireUpToAsync"/> it may be fewer than it asked
    /// for.</summary>
    public int Granted { get; init; }

    /// <summary>Whether the call asked for more permits than the limit can ever give. Waiting does not help then.</summary>
    public bool IsImpossible { get; init; }

    /// <summary>The limit's permits. With 100 permits an hour this is 100.</summary>
    public required int Limit { get; init; }

    /// <summary>How many permits the key has left: 94 of 100 when 6 are taken. After a denial that this process remembered, it is what
    /// was left when Redis denied. When nobody counted, it is the limit for an allowed call and 0 for a denied one.</summary>
    public required int Remaining { get; init; }

    /// <summary>How long a denied caller should wait before it asks for the same permits again. Zero for an allowed call, and when the time
    /// is not known.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>How long until the key has all its permits again if it takes no more. Zero when it has them now, and when the time is not
    /// known.</summary>
    public TimeSpan ResetAfter { get; init; }

    /// <summary>Who decided.</summary>
    public required DecisionSource Source { get; init; }

    /// <summary>The part of <see cref="RateLimit.All"/> that matters most: for a denied call the one with the longest wait, for an allowed
    /// call the one with the fewest permits left. Null for a single limit.</summary>
    public RateLimit? BindingLimit => RateLimitState.Binding(States.AsSpan()) is { Limit: { } binding } ? binding : null;

    /// <summary>Where the key stands with each limit of <see cref="RateLimit.All"/>, in their order. Empty for a single limit, and when
    /// nobody counted.</summary>
    public ImmutableArray<RateLimitState> States
    {
        get => field.IsDefault ? [] : field;
        init;
    }

    /// <summary>Holds the permits of an allowed call under <see cref="RateLimit.Concurrency"/>. Dispose it to give them back. For such a
    /// call it is never null, also when nobody counted. For all other limits, and for a denied call, it is null.</summary>
    public ConcurrencyLease? Lease { get; init; }

    /// <summary>The data with which the limiter that decided can take the permits back. Use it only in a limiter of your own.</summary>
    /// <value>Default: null.</value>
    public object? Receipt { get => Origin.Source; init => Origin = new PermitOrigin(0, 0, value); }

    /// <summary>When the permits were taken and of what.</summary>
    internal PermitOrigin Origin { get; init; }

    /// <summary>Whether the decision was made without the shared count because Redis could not answer.</summary>
    public bool IsDegraded => Source == DecisionSource.FailurePolicy;

    /// <summary>Whether this is a decision. The default value is none.</summary>
    internal bool IsMade => Source != DecisionSource.None;

    /// <summary>The decision in a line, such as <c>denied: 0 of 100 left, retry after 00:00:12.5 (Redis)</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(IsAllowed ? "allowed" : IsImpossible ? "denied for ever" : "denied");
        text.Append(CultureInfo.InvariantCulture, $": {Remaining} of {Limit} left");
        if (Granted > 1)
        {
            text.Append(CultureInfo.InvariantCulture, $", {Granted} granted");
        }

        if (RetryAfter > TimeSpan.Zero)
        {
            text.Append(CultureInfo.InvariantCulture, $", retry after {RetryAfter:g}");
        }

        if (ResetAfter > TimeSpan.Zero)
        {
            text.Append(CultureInfo.InvariantCulture, $", all free after {ResetAfter:g}");
        }

        return text.Append(CultureInfo.InvariantCulture, $" ({Source})").ToString();
    }

    /// <summary>The times by which the script recognizes permits that go back: one for the limit, or one for each part of it.</summary>
    /// <param name="limit">The limit that has given them.</param>
    /// <param name="takenAt">When it gave them, in microseconds.</param>
    internal long[] TimesForReturn(RateLimit limit, long takenAt) => States.IsEmpty
        ? [limit.TimeForReturn(takenAt, ResetAfter.Ticks / TimeSpan.TicksPerMicrosecond)]
        : [.. States.Select(state => state.Limit.TimeForReturn(takenAt, state.ResetAfter.Ticks / TimeSpan.TicksPerMicrosecond))];

    /// <summary>A decision that was made without a count, so the remaining permits are not known.</summary>
    internal static RateLimitDecision Uncounted(bool isAllowed, RateLimit limit, int permits, DecisionSource decider) => new()
    {
        IsAllowed = isAllowed,
        Granted = isAllowed ? permits : 0,
        Limit = limit.Permits,
        Remaining = isAllowed ? limit.Permits : 0,
        Source = decider,
        Lease = isAllowed && limit.IsHeld ? new ConcurrencyLease(permits) : null,
    };

    /// <summary>The denial of a call for more permits than the limit can ever give. Redis is not asked.</summary>
    internal static RateLimitDecision Impossible(RateLimit limit) =>
        Uncounted(isAllowed: false, limit, 0, DecisionSource.Local) with { IsImpossible = true };
}
