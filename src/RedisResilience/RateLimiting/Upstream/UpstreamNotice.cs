namespace RedisResilience.RateLimiting.Upstream;

/// <summary>The last statement of an API: how many requests are left, and until when.</summary>
/// <param name="Remaining">How many calls; 0: closed.</param>
/// <param name="Until">By the clock of this process.</param>
internal readonly record struct UpstreamNotice(int Remaining, long Until)
{
    /// <summary>As UpstreamAnnounce.lua has it.</summary>
    public UpstreamNotice With(in UpstreamNotice later, long now, long tolerance)
    {
        if (Until <= now)
        {
            return later;
        }

        if (Remaining <= 0)
        {
            return later.Remaining > 0 || Until >= later.Until ? this : later;
        }

        return later.Remaining > 0 && later.Until <= Until + tolerance
            ? this with { Remaining = Math.Min(Remaining, later.Remaining) }
            : later;
    }
}
