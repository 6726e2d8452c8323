using System.Globalization;
using RedisResilience.Http.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>Reads an API's own fields about its limits.</summary>
internal static class OwnQuotaFields
{
    private const double LeastUnixTime = 1e9;
    private const double MostUnixTime = 1e11;

    public static UpstreamWord? Read(HttpResponseMessage response, UpstreamQuotaFields fields, DateTimeOffset now)
    {
        var remaining = FieldText.Trim(response.Headers.Lines(fields.Remaining).FirstOrDefault());
        var reset = FieldText.Trim(response.Headers.Lines(fields.Reset).FirstOrDefault());
        var sentAt = HttpDate.TryParse(FieldText.Trim(response.Headers.Lines("Date").FirstOrDefault()), now, out var date) ? date : now;
        return UpstreamWord.Count(remaining) is { } count && Time(reset, fields.Kind, sentAt) is { } time && time > TimeSpan.Zero
            ? new UpstreamWord(count, time)
            : null;
    }

    private static TimeSpan? Time(ReadOnlySpan<char> text, UpstreamReset kind, DateTimeOffset now)
    {
        if (kind == UpstreamReset.Date)
        {
            return HttpDate.TryParse(text, now, out var date) ? date - now : null;
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var seconds = kind switch
        {
            UpstreamReset.Seconds => number,
            UpstreamReset.UnixMilliseconds => (number / 1000) - Unix(now),
            UpstreamReset.UnixTime => number - Unix(now),
            _ => number < LeastUnixTime ? number : (number < MostUnixTime ? number : number / 1000) - Unix(now),
        };
        return seconds is > 0 and < DeltaSeconds.Maximum ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static double Unix(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
