namespace RedisResilience.Http.Tests.Caching;

/// <summary>What came.</summary>
internal sealed record Got(int Status, string Body, string CacheStatus, string? Age)
{
    public bool IsHit => CacheStatus.StartsWith("RedisResilience; hit", StringComparison.Ordinal);

    public static async Task<Got> OfAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(),
        response.Headers.TryGetValues("Cache-Status", out var status) ? string.Join(", ", status) : "",
        response.Headers.TryGetValues("Age", out var age) ? string.Join(", ", age) : null);
}
