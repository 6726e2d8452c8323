namespace RedisResilience.RateLimiting.Local.Denials;

/// <summary>The denials of one key. They are read without a lock, and written under one.</summary>
internal sealed class KeyDenials
{
    // An endpoint's cost is a constant, so a key meets few of them. Whoever makes costs up gets no further with it: see Find.
    private const int MostCosts = 4;

    private readonly Lock _lock = new();
    private volatile Known? _known;
    private long _forgottenAt = long.MinValue;

    /// <summary>The denial that answers a cost; null if Redis has to be asked.</summary>
    public Denial? Find(RateLimit limit, int cost, LocalClock clock, DenialUse use, long recheck, out long now)
    {
        now = 0;
        if (_known is not { } known)
        {
            return null;
        }

        if (!known.IsOf(limit))
        {
            // Two limits of one name share one count, and this one's call may free what the other one denied.
            Forget(clock.Now);
            return null;
        }

        for (var index = known.Denials.Length - 1; index >= 0; index--)
        {
            var denial = known.Denials[index];
            if (denial.Cost <= cost && (now = clock.NowFor(denial.CertainUntil)) < denial.CertainUntil)
            {
                // More than a denied cost is denied as certainly, but perhaps for longer: Redis says for how long, for as many costs as
                // fit.
                var answers = denial.Cost == cost || known.Denials.Length == MostCosts;
                return answers && !AsksAgain(denial, use, now, recheck) ? denial : null;
            }
        }

        return null;
    }

    /// <param name="limit">The limit that denied.</param>
    /// <param name="denial">The denial.</param>
    /// <param name="sentAt">When Redis was asked. A denial that was asked for before <see cref="Forget"/> is ignored after it.</param>
    /// <param name="now">Denials that have ended by now make room.</param>
    public void Remember(RateLimit limit, Denial denial, long sentAt, long now)
    {
        lock (_lock)
        {
            if (sentAt > _forgottenAt)
            {
                var kept = _known is { } known && known.IsOf(limit)
                    ? known.Denials.Where(other => other.Cost != denial.Cost && now < other.CertainUntil)
                    : [];

                // The smallest costs answer for the most calls.
                _known = new Known(limit, [.. kept.Append(denial).OrderBy(other => other.Cost).Take(MostCosts)]);
            }
        }
    }

    public void Forget(long now)
    {
        lock (_lock)
        {
            _forgottenAt = now;
            _known = null;
        }
    }

    private static bool AsksAgain(Denial denial, DenialUse use, long now, long recheck) => use switch
    {
        DenialUse.Acquire => denial.TryAskAgain(now, recheck),
        DenialUse.Look => denial.IsToBeAskedAgain(now),
        _ => false,
    };

    private sealed record Known(RateLimit Limit, Denial[] Denials)
    {
        public bool IsOf(RateLimit limit) => ReferenceEquals(Limit, limit) || Limit.Equals(limit);
    }
}
