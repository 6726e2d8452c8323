using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>A limit with what the fields say of it: made once for a limit that is the same on every request.</summary>
internal sealed class LimitDescription
{
    public LimitDescription(RateLimit limit, string? name, QuotaUnit unit)
    {
        Limit = limit.Name is null && name is not null ? limit with { Name = name } : limit;
        Fields = [new RateLimitFields(Limit.Name ?? DefaultName, Limit, unit)];
    }

    /// <summary>What the fields call a limit without a name.</summary>
    public const string DefaultName = "default";

    public RateLimit Limit { get; }

    /// <summary>One for each limit that counts apart.</summary>
    public IReadOnlyList<RateLimitFields> Fields { get; }
}
