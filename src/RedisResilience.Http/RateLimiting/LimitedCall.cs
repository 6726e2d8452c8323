namespace RedisResilience.Http.RateLimiting;

/// <summary>A request as the limit sees it.</summary>
/// <param name="Key">Whose permits it takes.</param>
/// <param name="Cost">How many.</param>
/// <param name="MaximumWait">How long it may wait for them.</param>
internal readonly record struct LimitedCall(string Key, int Cost, TimeSpan MaximumWait);
