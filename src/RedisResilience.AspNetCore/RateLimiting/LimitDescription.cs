using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A limit with what the fields say of it: made once for a limit that is the same on every request.</summary>
internal sealed class LimitDescription
{
    /// <summary>What the fields call a limit without a name.</summary>
    public const string DefaultName = "default";

    public LimitDescription(RateLimit limit, string? name, QuotaUnit unit)
    {
        Limit = limit.Name is null && name is not null ? limit with { Name = name } : limit;
        var known = Limit.Name ?? DefaultName;
        Fields = Limit.Parts is { IsEmpty: false } parts
            ? [.. parts.Select((part, index) => new RateLimitFields(part.Name ?? $"{known}-{index + 1}", part, unit))]
            : [new RateLimitFields(known, Limit, unit)];
    }

    public RateLimit Limit { get; }

    /// <summary>One for each limit that a client can use up by itself: of a combined limit, its parts.</summary>
    public IReadOnlyList<RateLimitFields> Fields { get; }
}
