using RedisResilience.RateLimiting;

namespace RedisResilience.Mongo.Quotas;

/// <summary>A limit as <see cref="MongoQuota"/> counts it.</summary>
internal sealed record QuotaTerms(string? Name, int Permits, int MaximumPrefetch, FailurePolicy FailurePolicy, QuotaWindow Window)
{
    public bool IsLeased => MaximumPrefetch > 0;

    /// <summary>A number that identifies these terms in all processes.</summary>
    public long Number => unchecked((Permits * 0x1000193L) ^ (Window.Length * 0x5bd1e995L) ^ Window.Kind[0]);

    /// <exception cref="ArgumentException">The key is no key, or the limit is neither a fixed nor a sliding window.</exception>
    public static QuotaTerms Of(string key, RateLimit limit)
    {
        Validate(key);
        ArgumentNullException.ThrowIfNull(limit);
        var window = limit.WindowSegments switch
        {
            0 => QuotaWindow.Fixed(limit.Window),
            { } segments => QuotaWindow.Sliding(limit.Window, segments),
            null => throw new ArgumentException("A quota is a fixed window, a sliding window, or one of the calendar.", nameof(limit)),
        };
        return new QuotaTerms(limit.Name, limit.Permits, limit.MaximumPrefetch, limit.FailurePolicy, window);
    }

    public static QuotaTerms Of(string key, CalendarQuota limit)
    {
        Validate(key);
        ArgumentNullException.ThrowIfNull(limit);
        return new QuotaTerms(limit.Name, limit.Permits, limit.MaximumPrefetch, limit.FailurePolicy, QuotaWindow.Calendar(limit.Period));
    }

    /// <summary>The document's id, and the key in Redis.</summary>
    /// <remarks>A key with a colon could read like one of a quota with a name, and begins with a colon where the quota has none: no name is
    /// empty.</remarks>
    public string IdOf(string key) => Name is not null || key.Contains(':', StringComparison.Ordinal) ? $"{Name}:{key}" : key;

    // As every limiter does.
    private static void Validate(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > RedisKeyLimits.MaximumLength || !RedisKeyLimits.IsCleanText(key))
        {
            throw new ArgumentException(
                $"A key has at most {RedisKeyLimits.MaximumLength} characters, no control characters, and is well-formed UTF-16.",
                nameof(key));
        }
    }
}
