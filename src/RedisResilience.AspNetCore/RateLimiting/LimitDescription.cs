using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A limit with its text for the header fields. It is made once for a limit that is the same on every request.</summary>
internal sealed class LimitDescription
{
    /// <summary>The name of a limit without a name in the fields.</summary>
    public const string DefaultName = "default";

    /// <param name="limit">The limit.</param>
    /// <param name="name">Its name for clients, if it has no name of its own.</param>
    /// <param name="unit">What its permits count.</param>
    /// <param name="keyName">Its name in keys, if it has neither.</param>
    public LimitDescription(RateLimit limit, string? name, QuotaUnit unit, string? keyName = null)
    {
        var known = limit.Name ?? name ?? DefaultName;
        Limit = limit.Name is null && (name ?? keyName) is { } own ? limit with { Name = own } : limit;
        Fields = Limit.Parts is { IsEmpty: false } parts
            ? [.. parts.Select((part, index) => new RateLimitFields(part.Name ?? $"{known}-{index + 1}", part, unit))]
            : [new RateLimitFields(known, Limit, unit)];
    }

    public RateLimit Limit { get; }

    /// <summary>The fields of the limit, or of each part of a combined limit.</summary>
    public IReadOnlyList<RateLimitFields> Fields { get; }
}
