namespace RedisResilience.HttpSemantics;

/// <summary>
/// How long a response is fresh, and how old it was when it came (RFC 9111, section 4.2). It has no clock: the caller passes the time.
/// </summary>
/// <param name="Lifetime">How long it is fresh, from when its origin made it.</param>
/// <param name="InitialAge">How old it was when it came.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="IsExplicit">Whether the response itself says how long it is fresh.</param>
internal readonly record struct Freshness(TimeSpan Lifetime, TimeSpan InitialAge, DateTimeOffset ReceivedAt, bool IsExplicit)
{
    /// <summary>How old it is.</summary>
    public TimeSpan Age(DateTimeOffset now) => InitialAge + Positive(now - ReceivedAt);

    /// <summary>How long it is still fresh; negative when it is stale.</summary>
    public TimeSpan Left(DateTimeOffset now) => Lifetime - Age(now);

    public bool IsFresh(DateTimeOffset now) => Left(now) > TimeSpan.Zero;

    /// <summary>Judges a response by its fields.</summary>
    /// <param name="fields">The fields that say so.</param>
    /// <param name="rules">What kind of cache judges.</param>
    /// <param name="sentAt">When the request was sent.</param>
    /// <param name="receivedAt">When the response came.</param>
    public static Freshness Of(in FreshnessFields fields, in FreshnessRules rules, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        var date = Single(fields.Date, receivedAt) ?? receivedAt;

        // A date has no parts of a second: what seems to have taken them has not.
        var apparentAge = Positive(receivedAt.AddTicks(-(receivedAt.Ticks % TimeSpan.TicksPerSecond)) - date);
        var correctedAge = AgeField.Parse(fields.Age) + Positive(receivedAt - sentAt);
        var age = apparentAge > correctedAge ? apparentAge : correctedAge;
        return Explicit(fields, rules, receivedAt, date) is { } lifetime
            ? new Freshness(lifetime, age, receivedAt, IsExplicit: true)
            : new Freshness(Heuristic(fields, rules, receivedAt, date), age, receivedAt, IsExplicit: false);
    }

    private static TimeSpan? Explicit(in FreshnessFields fields, in FreshnessRules rules, DateTimeOffset now, DateTimeOffset date)
    {
        var control = fields.Control;
        if ((rules.IsShared ? control.SharedMaxAge ?? control.MaxAge : control.MaxAge) is { } lifetime)
        {
            return lifetime;
        }

        // A date that cannot be read is one in the past, and so is one of several.
        return fields.IsTargeted || !fields.Expires.Any() ? null
            : Single(fields.Expires, now) is { } expires ? Positive(expires - date)
            : TimeSpan.Zero;
    }

    private static TimeSpan Heuristic(in FreshnessFields fields, in FreshnessRules rules, DateTimeOffset now, DateTimeOffset date)
    {
        if (rules.HeuristicFactor <= 0
            || !(StatusRules.IsHeuristicallyCacheable(fields.Status) || fields.Control.IsPublic)
            || Single(fields.LastModified, now) is not { } modified)
        {
            return TimeSpan.Zero;
        }

        var lifetime = Positive(date - modified) * rules.HeuristicFactor;
        return lifetime < rules.MaximumHeuristic ? lifetime : rules.MaximumHeuristic;
    }

    private static DateTimeOffset? Single(IEnumerable<string?> lines, DateTimeOffset now)
    {
        string? only = null;
        foreach (var line in lines)
        {
            if (only is not null)
            {
                return null;
            }

            only = line ?? "";
        }

        return only is not null && HttpDate.TryParse(FieldText.Trim(only), now, out var date) ? date : null;
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
