using System.Collections.Immutable;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>Several limits on one key, all or nothing: made by <see cref="RateLimit.All"/>.</summary>
/// <remarks>
/// The key has the name and the failure policy of the whole; the parts' names only tell them apart in <see cref="RateLimitDecision.States"/>.
/// A part is known by its place and kind: put another in its place, and that one begins with nothing taken.
/// </remarks>
public sealed record CombinedLimit : RateLimit
{
    /// <summary>The most limits that can be combined.</summary>
    public const int MaximumLimits = 8;

    private static readonly RedisScript CombinedScript = RedisScript.Load<CombinedLimit>(
        "SlidingWindowState", "TokenBucketState", nameof(CombinedLimit));

    internal CombinedLimit(RateLimit[] limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Length is 0 or > MaximumLimits)
        {
            throw new ArgumentException($"From 1 to {MaximumLimits} limits can be combined, not {limits.Length}.", nameof(limits));
        }

        Limits = [.. limits];
        Permits = Limits.Min(limit => limit?.Permits ?? throw new ArgumentNullException(nameof(limits), "One of the limits is null."));
        Parameters = new ScriptConstants([Limits.Length, .. Limits.SelectMany(Describe)]);
    }

    /// <summary>The least of what the parts can give.</summary>
    public override int Permits { get; }

    /// <summary>The parts, in the order in which they were given.</summary>
    public ImmutableArray<RateLimit> Limits { get; }

    internal override RedisScript Script => CombinedScript;

    internal override ScriptConstants Parameters { get; }

    internal override Tally NewTally() => new CombinedTally();

    // After the five integers of every reply: the index of the binding limit, and for each limit three more.
    internal override RateLimitDecision Decide(in PermitRequest request, in ScriptReply reply, RateLimitDecider decider)
    {
        var states = ImmutableArray.CreateBuilder<RateLimitState>(Limits.Length);
        for (var index = 0; index < Limits.Length; index++)
        {
            var first = 1 + (3 * index);
            states.Add(new RateLimitState
            {
                Limit = Limits[index],
                Remaining = (int)reply.More[first],
                RetryAfter = Microseconds(reply.More[first + 1]),
                ResetAfter = Microseconds(reply.More[first + 2]),
            });
        }

        return base.Decide(request, reply, decider) with { BindingLimit = Limits[(int)reply.More[0]], States = states.MoveToImmutable() };
    }

    /// <inheritdoc/>
    public bool Equals(CombinedLimit? other) => base.Equals(other) && Limits.SequenceEqual(other.Limits);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Parameters);

    // Kind and up to three numbers: the order of the kinds is that of the script's table.
    private static long[] Describe(RateLimit limit) => limit switch
    {
        FixedWindow window => [1, window.Permits, window.Window.Ticks / TimeSpan.TicksPerMicrosecond, 0],
        SlidingWindow window => [2, window.Permits, window.SegmentMicroseconds, window.Segments],
        TokenBucket bucket => [3, bucket.Interval, bucket.Capacity, 0],
        RateLimiting.SlidingLog => throw new ArgumentException("A sliding log keeps a list of its own and cannot be combined; a sliding window can.", nameof(limit)),
        RateLimiting.Concurrency => throw new ArgumentException("Concurrency ends with its lease and not with time; hold it beside the combined limit.", nameof(limit)),
        _ => throw new ArgumentException("A combined limit cannot be combined again: name its parts.", nameof(limit)),
    };
}
