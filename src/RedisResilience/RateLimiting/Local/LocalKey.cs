namespace RedisResilience.RateLimiting.Local;

/// <summary>What stands behind one key of Redis: the policy's name and who is limited. Two parts, so that nothing is joined to look a key up.</summary>
internal readonly record struct LocalKey(string? Name, string Key)
{
    public static LocalKey Of(string key, RateLimit limit) => new(limit.Name, key);
}
