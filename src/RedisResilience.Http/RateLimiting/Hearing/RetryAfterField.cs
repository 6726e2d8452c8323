using RedisResilience.Http.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>The <c>Retry-After</c> field (RFC 9110, section 10.2.3): seconds, or a date, which counts from the other side's own.</summary>
internal static class RetryAfterField
{
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var text = FieldText.Trim(response.Headers.Lines("Retry-After").FirstOrDefault());
        if (DeltaSeconds.TryParse(text, out var seconds))
        {
            return seconds;
        }

        if (!HttpDate.TryParse(text, now, out var until))
        {
            return null;
        }

        var sentAt = HttpDate.TryParse(FieldText.Trim(response.Headers.Lines("Date").FirstOrDefault()), now, out var date) ? date : now;
        return until > sentAt ? until - sentAt : TimeSpan.Zero;
    }
}
