using RedisResilience.Http.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>
/// The <c>Retry-After</c> field (RFC 9110, section 10.2.3): seconds, or a date, which counts from the <c>Date</c> of the response. If
/// proxies have left several values, the longest counts.
/// </summary>
internal static class RetryAfterField
{
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var line in response.Headers.Lines("Retry-After"))
        {
            if (Line(response, line, now) is { } time && !(time <= longest))
            {
                longest = time;
            }
        }

        return longest;
    }

    private static TimeSpan? Line(HttpResponseMessage response, string? line, DateTimeOffset now)
    {
        if (HttpDate.TryParse(FieldText.Trim(line), now, out var until))
        {
            var date = FieldText.Trim(response.Headers.Lines("Date").FirstOrDefault());
            var sentAt = HttpDate.TryParse(date, now, out var said) ? said : now;
            return until > sentAt ? until - sentAt : TimeSpan.Zero;
        }

        TimeSpan? longest = null;
        foreach (var part in (line ?? "").Split(','))
        {
            if (!DeltaSeconds.TryParse(FieldText.Trim(part), out var seconds))
            {
                return null;
            }

            longest = seconds <= longest ? longest : seconds;
        }

        return longest;
    }
}
