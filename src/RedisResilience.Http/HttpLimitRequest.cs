namespace RedisResilience.Http;

/// <summary>Options of one request for the limit: <c>request.Options.Set(HttpLimitRequest.MaximumWait, TimeSpan.Zero)</c>.</summary>
public static class HttpLimitRequest
{
    /// <summary>
    /// How long this request waits for its turn. A time of more than a day, or <see cref="Timeout.InfiniteTimeSpan"/>, counts as a day.
    /// </summary>
    public static readonly HttpRequestOptionsKey<TimeSpan> MaximumWait = new("RedisResilience.Limit.MaximumWait");
}
