using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>A limit: an immutable value that says how many permits a key may take, and in what time.</summary>
/// <remarks>Made by the static methods of this class, refined with <c>with</c>, and free to share: it holds no state of any key.</remarks>
public abstract record RateLimit
{
    private protected RateLimit()
    {
    }

    /// <summary>The policy's name: it becomes part of the key, so that two limits count the same caller apart.</summary>
    /// <value>Default: null, no name. Else 1 to <see cref="MaximumNameLength"/> characters of letters, digits, <c>-</c>, <c>_</c> and <c>.</c></value>
    /// <exception cref="ArgumentException">The name is empty, too long, or has another character.</exception>
    public string? Name
    {
        get;
        init => field = value is null ? null : RateLimitName.Validate(value);
    }

    /// <summary>What a call gets when Redis cannot answer.</summary>
    /// <value>Default: <see cref="FailurePolicy.Allow"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration's.</exception>
    public FailurePolicy FailurePolicy
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a failure policy.");
    }

    /// <summary>The longest <see cref="Name"/>, in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>The most permits that a key can hold at once under this limit; no call can ever get more.</summary>
    public abstract int Permits { get; }

    /// <summary>The script that judges this kind of limit.</summary>
    internal abstract RedisScript Script { get; }

    internal abstract ScriptArguments ArgumentsFor(int permits);

    internal abstract RateLimitDecision Decide(ScriptReply reply);

    /// <summary>At most <paramref name="permits"/> in a window that opens with the key's first hit and lasts <paramref name="window"/>.</summary>
    /// <param name="permits">How many permits a window gives, 1 or more.</param>
    /// <param name="window">How long a window lasts: whole milliseconds, from 1 ms to 365 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static FixedWindow FixedWindow(int permits, TimeSpan window) => new(permits, window);
}
