using System.Collections.Immutable;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Tallies;

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

    // Each combination of kinds brings along only the states that it needs: to a server, a function that is not called costs something too.
    private static readonly RedisScript PlainScript = RedisScript.Load<CombinedLimit>(nameof(CombinedLimit));
    private static readonly RedisScript WindowScript = RedisScript.Load<CombinedLimit>("SlidingWindowState", nameof(CombinedLimit));
    private static readonly RedisScript LogScript = RedisScript.Load<CombinedLimit>("SlidingLogState", nameof(CombinedLimit));
    private static readonly RedisScript FullScript = RedisScript.Load<CombinedLimit>("SlidingWindowState", "SlidingLogState", nameof(CombinedLimit));

    internal CombinedLimit(RateLimit[] limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Length is 0 or > MaximumLimits)
        {
            throw new ArgumentException($"From 1 to {MaximumLimits} limits can be combined, not {limits.Length}.", nameof(limits));
        }

        Limits = [.. limits];
        Permits = Limits.Min(limit => limit?.Permits ?? throw new ArgumentNullException(nameof(limits), "One of the limits is null."));
        Parameters = new ScriptConstants([.. Limits.SelectMany(Describe)]);
        Script = (Limits.OfType<SlidingWindow>().Any(), Limits.OfType<SlidingLog>().Any()) switch
        {
            (false, false) => PlainScript,
            (true, false) => WindowScript,
            (false, true) => LogScript,
            _ => FullScript,
        };
    }

    /// <summary>The least of what the parts can give.</summary>
    public override int Permits { get; }

    /// <summary>The parts, in the order in which they were given.</summary>
    public ImmutableArray<RateLimit> Limits { get; }

    internal override RedisScript Script { get; }

    internal override ScriptConstants Parameters { get; }

    // As its parts say for themselves.
    internal override string? WhyNotLeased => Limits.Select(limit => limit.WhyNotLeased).FirstOrDefault(reason => reason is not null);

    internal override Counter NewTally() => new CombinedCounter();

    // After the five integers of every reply come three for each limit. Who has least, and who denies for the longest, is worked out here and not by the server.
    internal override RateLimitDecision Decide(in PermitRequest request, in ScriptReply reply, DecisionSource decider)
    {
        var states = ImmutableArray.CreateBuilder<RateLimitState>(Limits.Length);
        var binding = 0;
        for (var index = 0; index < Limits.Length; index++)
        {
            var first = 3 * index;
            states.Add(new RateLimitState
            {
                Limit = Limits[index],
                Remaining = (int)reply.More[first],
                RetryAfter = Microseconds(reply.More[first + 1]),
                ResetAfter = Microseconds(reply.More[first + 2]),
            });
            binding = Binds(states[index], states[binding]) ? index : binding;
        }

        return base.Decide(request, reply, decider) with
        {
            Remaining = states.Min(state => state.Remaining),
            RetryAfter = request.IsMetBy(reply.First) ? TimeSpan.Zero : states[binding].RetryAfter,
            ResetAfter = states.Max(state => state.ResetAfter),
            BindingLimit = Limits[binding],
            States = states.MoveToImmutable(),
        };
    }

    /// <inheritdoc/>
    public bool Equals(CombinedLimit? other) => base.Equals(other) && Limits.SequenceEqual(other.Limits);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Parameters);

    private static bool Binds(in RateLimitState state, in RateLimitState other) =>
        state.RetryAfter > other.RetryAfter || (state.RetryAfter == other.RetryAfter && state.Remaining < other.Remaining);

    // As the script has them: two parameters, and what tells the kinds apart.
    private static long[] Describe(RateLimit limit) => limit switch
    {
        RateLimiting.SlidingWindow window => [window.Permits, window.SegmentMicroseconds, window.Segments],
        RateLimiting.TokenBucket bucket => [bucket.Interval, bucket.Capacity, 0],
        RateLimiting.FixedWindow window => [window.Permits, window.Window.Ticks / TimeSpan.TicksPerMicrosecond, -1],
        RateLimiting.SlidingLog log => [log.Permits, log.Window.Ticks / TimeSpan.TicksPerMicrosecond, -2],
        RateLimiting.Concurrency => throw new ArgumentException("Concurrency ends with its lease and not with time; hold it beside the combined limit.", nameof(limit)),
        _ => throw new ArgumentException("A combined limit cannot be combined again: name its parts.", nameof(limit)),
    };
}
