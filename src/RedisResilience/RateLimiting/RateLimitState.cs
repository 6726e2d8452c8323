namespace RedisResilience.RateLimiting;

/// <summary>Where a key stands with one of the limits of <see cref="RateLimit.All"/>.</summary>
public readonly record struct RateLimitState
{
    /// <summary>The limit.</summary>
    public required RateLimit Limit { get; init; }

    /// <summary>How many permits of this limit the key has left.</summary>
    public required int Remaining { get; init; }

    /// <summary>How long until this limit would allow the same call. Zero if it would allow it now.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>How long until the key has all permits of this limit again if it takes no more. Zero when it has them now.</summary>
    public TimeSpan ResetAfter { get; init; }

    /// <summary>The state that matters most; the default of none.</summary>
    internal static RateLimitState Binding(ReadOnlySpan<RateLimitState> states)
    {
        var binding = states.IsEmpty ? default : states[0];
        foreach (var state in states)
        {
            binding = state.Binds(binding) ? state : binding;
        }

        return binding;
    }

    private bool Binds(in RateLimitState other) =>
        RetryAfter > other.RetryAfter || (RetryAfter == other.RetryAfter && Remaining < other.Remaining);
}
