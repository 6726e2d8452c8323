namespace RedisResilience.RateLimiting.Requests;

/// <summary>One call's request: a unit of permits, and how many units at most.</summary>
/// <param name="Unit">
/// The size of a unit of permits, which is granted as a whole or not at all. 0 only looks. A negative number gives permits back.
/// </param>
/// <param name="Count">How many such units at most: as many are granted as fit.</param>
/// <param name="MaximumWait">
/// How far ahead the permits may be booked, where the limit can: whole microseconds.
/// </param>
/// <param name="Until">
/// For a refund of permits whose time is known: <see cref="RateLimit.TimeForReturn"/> of the limit, or of each part of it. Null when it is
/// not known.
/// </param>
internal readonly record struct PermitRequest(int Unit, int Count, long MaximumWait = 0, long[]? Until = null)
{
    /// <summary>All that is asked for.</summary>
    public long Most => (long)Unit * Count;

    /// <summary>Whether a call with this many granted permits is allowed.</summary>
    public bool IsMetBy(long granted) => granted >= Math.Min(Unit, Most);

    /// <summary>All of them or none.</summary>
    public static PermitRequest Exactly(int permits) => new(permits, 1);

    /// <summary>As many as there are, but at least one.</summary>
    public static PermitRequest UpTo(int permits) => new(1, permits);

    public static PermitRequest Within(int permits, TimeSpan maximumWait) =>
        new(permits, 1, maximumWait.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Gives permits back. None: only looks at the clock.</summary>
    public static PermitRequest Return(int permits, long[]? until = null) => new(-permits, 1, Until: until);
}
