using System.Collections.Immutable;
using System.Runtime.InteropServices;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Limits;
using RedisResilience.RateLimiting.Limits.Combined;
using RedisResilience.RateLimiting.Local.Fallback;
using RedisResilience.RateLimiting.Local.Prefetch;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting;

/// <summary>Several limits on one key, all or nothing: made by <see cref="RateLimit.All"/>.</summary>
/// <remarks>
/// The name and the failure policy of the whole apply to the key. The parts' names only tell them apart in
/// <see cref="RateLimitDecision.States"/>. A part is recognized by its position and its kind: a part of another kind at the same position
/// begins with nothing taken.
/// </remarks>
public sealed record CombinedLimit : RateLimit
{
    /// <summary>The most limits that can be combined.</summary>
    public const int MaximumLimits = 8;

    internal CombinedLimit(RateLimit[] limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Length is 0 or > MaximumLimits)
        {
            throw new ArgumentException($"From 1 to {MaximumLimits} limits can be combined, not {limits.Length}.", nameof(limits));
        }

        Parts = [.. limits];
        Permits = Parts.Min(limit => limit?.Permits ?? throw new ArgumentNullException(nameof(limits), "One of the limits is null."));
        Window = Parts.Max(limit => limit.Window);
        IsWindowConstant = Parts.All(limit => limit.IsWindowConstant);
        MovesWithTime = Parts.Any(limit => limit.MovesWithTime);
        CombinedPart[] parts = [.. Parts.Select(limit => limit.ToPart())];
        Parameters = Constants(parts);
        Script = CombinedScript.Of(parts);
    }

    /// <summary>The smallest number of permits among the parts.</summary>
    public override int Permits { get; }

    /// <summary>The parts, in the order in which they were given.</summary>
    public override ImmutableArray<RateLimit> Parts { get; }

    /// <inheritdoc/>
    public override TimeSpan Window { get; }

    /// <inheritdoc/>
    public override bool IsWindowConstant { get; }

    internal override RedisScript Script { get; }

    internal override ScriptConstants Parameters { get; }

    internal override bool MovesWithTime { get; }

    internal override ScriptConstants ParametersAt(TimeProvider clock) =>
        !MovesWithTime ? Parameters : Constants(Parts.Select(limit => limit.ToPartAt(clock)));

    // As its parts say for themselves.
    internal override string? WhyNotPrefetched =>
        Parts.Select(limit => limit.WhyNotPrefetched).FirstOrDefault(reason => reason is not null);

    internal override int ComeBackWithin(TimeSpan time) => Parts.Min(limit => limit.ComeBackWithin(time));

    internal override void SetTerms(PrefetchTerms terms, in RateLimitDecision grant)
    {
        foreach (var state in grant.States)
        {
            state.Limit.SetTerms(terms, grant with { ResetAfter = state.ResetAfter });
        }
    }

    internal override RateLimit? ShareOf(NodeShare node)
    {
        var shares = Parts.Select(limit => limit.ShareOf(node)).OfType<RateLimit>().ToArray();
        return shares.Length == Parts.Length ? new CombinedLimit(shares) : null;
    }

    internal override CombinedPart ToPart() => throw new ArgumentException("A combined limit cannot be combined again: name its parts.");

    internal override Counter NewCounter() => new CombinedCounter();

    // After the five integers of every reply come three for each limit. Who has least, and who denies for the longest, is worked out here
    // and not by the server.
    internal override RateLimitDecision Decide(in PermitRequest request, in ScriptReply reply, DecisionSource decider, long askedAt)
    {
        var states = new RateLimitState[Parts.Length];
        for (var index = 0; index < Parts.Length; index++)
        {
            var first = 3 * index;
            states[index] = new RateLimitState
            {
                Limit = Parts[index],
                Remaining = (int)reply.More[first],
                RetryAfter = Microseconds(reply.More[first + 1]),
                ResetAfter = Microseconds(reply.More[first + 2]),
            };
        }

        return base.Decide(request, reply, decider, askedAt) with
        {
            Remaining = states.Min(state => state.Remaining),
            RetryAfter = request.IsMetBy(reply.First) ? TimeSpan.Zero : RateLimitState.Binding(states).RetryAfter,
            ResetAfter = states.Max(state => state.ResetAfter),
            States = ImmutableCollectionsMarshal.AsImmutableArray(states),
        };
    }

    /// <inheritdoc/>
    public bool Equals(CombinedLimit? other) => base.Equals(other) && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Permits, Window, Parts.Length);

    private static ScriptConstants Constants(IEnumerable<CombinedPart> parts) =>
        new([.. parts.SelectMany(part => new[] { part.Kind, part.First, part.Second, part.Third })]);
}
