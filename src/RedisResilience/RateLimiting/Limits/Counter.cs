using RedisResilience.Gateway;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Limits;

/// <summary>
/// What one key has taken of one limit, counted in this process by the same arithmetic as the limit's script. Its owner makes sure that
/// calls do not overlap.
/// </summary>
/// <remarks>
/// As in Redis, a call that takes nothing changes nothing. So limits that use a key in turns do not disturb each other.
/// </remarks>
internal abstract class Counter
{
    /// <summary>The limit of the call that is under way.</summary>
    protected RateLimit Limit { get; private set; } = null!;

    /// <summary>The time of the call that is under way, in microseconds.</summary>
    protected long Now { get; private set; }

    /// <summary>How many permits are free, 0 or more.</summary>
    public abstract int Available { get; }

    /// <summary>Microseconds until all permits are free.</summary>
    public abstract long Reset { get; }

    /// <summary>
    /// Whether what is remembered was put right when the call began, because the clock was set back, and has to be remembered so.
    /// </summary>
    public virtual bool IsRepaired => false;

    /// <summary>Whether this is the state of a limit of that kind.</summary>
    public abstract bool IsOf(RateLimit limit);

    /// <summary>Begins a call: permits that have come back are free, and the others count by the current limit.</summary>
    public void Begin(RateLimit limit, long now)
    {
        (Limit, Now) = (limit, now);
        OnBegin();
    }

    /// <summary>Microseconds until so many permits are free. Zero if they are.</summary>
    public abstract long Wait(int permits);

    /// <summary>Takes permits or, by a negative number, gives back.</summary>
    public abstract void Take(int permits);

    /// <summary> Gives back permits whose time is known: <see cref="RateLimit.TimeForReturn"/> of the limit, or of each part. </summary>
    public virtual void GiveBack(int permits, ReadOnlySpan<long> until) => Take(-permits);

    /// <summary>Does what the limit's script does, and says what it returns.</summary>
    public virtual ScriptReply Answer(in PermitRequest request)
    {
        if (request.Until is { } until)
        {
            GiveBack(-request.Unit, until);
            return new ScriptReply(request.Unit, Available, 0, Reset, Now);
        }

        // As many whole units as are free, or all that is asked for.
        var granted = Available >= request.Most ? (int)request.Most : Available - (Available % request.Unit);
        if (granted != 0)
        {
            Take(granted);
        }
        else if (IsRepaired)
        {
            Take(0);
        }

        if (granted == request.Most)
        {
            return new ScriptReply(granted, Available, 0, Reset, Now);
        }

        var wait = Wait(request.Unit);
        if (Limit.CanBook && wait <= request.MaximumWait)
        {
            Take(request.Unit);
            granted += request.Unit;
        }

        return new ScriptReply(granted, Available, wait, Reset, Now);
    }

    protected abstract void OnBegin();
}

/// <summary>What one key has taken of one kind of limit.</summary>
internal abstract class Counter<TLimit> : Counter
    where TLimit : RateLimit
{
    /// <summary>The limit of the call that is under way.</summary>
    protected new TLimit Limit => (TLimit)base.Limit;

    public override bool IsOf(RateLimit limit) => limit.GetType() == typeof(TLimit);
}
