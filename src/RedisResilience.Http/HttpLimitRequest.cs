namespace RedisResilience.Http;

/// <summary>What one request may say to the limit: <c>request.Options.Set(HttpLimitRequest.MaximumWait, TimeSpan.Zero)</c>.</summary>
public static class HttpLimitRequest
{
    /// <summary>How long this request waits for its turn. More than a day, and <see cref="Timeout.InfiniteTimeSpan"/>, is a day.</summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> MaximumWait = new("RedisResilience.Limit.MaximumWait");
}
