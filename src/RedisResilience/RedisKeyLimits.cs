namespace RedisResilience;

/// <summary>What a key may be. The same rules hold for rate limits and cached responses, with Redis and without.</summary>
public static class RedisKeyLimits
{
    /// <summary>The longest key, in UTF-16 characters and without the prefix: 1024. Redis itself would take 512 MB.</summary>
    public const int MaximumLength = 1024;
}
