using System.Globalization;

namespace RedisResilience.HttpSemantics;

/// <summary>A date in one of the three forms of HTTP (RFC 9110, section 5.6.7).</summary>
internal static class HttpDate
{
    private static readonly string[] Days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    private static readonly string[] LongDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary>Reads a date.</summary>
    /// <param name="text">The field's value.</param>
    /// <param name="now">The current time: a year of two digits is never more than 50 years ahead of it.</param>
    /// <param name="date">The date, in UTC.</param>
    public static bool TryParse(ReadOnlySpan<char> text, DateTimeOffset now, out DateTimeOffset date)
    {
        // The comma stands behind three letters in the preferred form, behind a whole weekday in that of RFC 850, and nowhere in that of C.
        var comma = text.IndexOf(',');
        return comma == 3
            ? TryParsePreferred(text, out date)
            : comma > 3 ? TryParseRfc850(text, comma, now, out date) : TryParseAsctime(text, out date);
    }

    /// <summary>The preferred form: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public static string Format(DateTimeOffset date) => date.ToString("r", CultureInfo.InvariantCulture);

    private static bool TryParsePreferred(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        return text.Length == 29
            && Days.AsSpan().Contains(text[..3].ToString())
            && text[4] == ' '
            && text[7] == ' '
            && text[11] == ' '
            && text[16] == ' '
            && text[25..] is " GMT"
            && TryMake(Number(text[12..16]), Month(text[8..11]), Number(text[5..7]), text[17..25], out date);
    }

    private static bool TryParseRfc850(ReadOnlySpan<char> text, int comma, DateTimeOffset now, out DateTimeOffset date)
    {
        date = default;
        var rest = text[(comma + 1)..];
        if (rest.Length != 23
            || !LongDays.AsSpan().Contains(text[..comma].ToString())
            || rest[0] != ' '
            || rest[3] != '-'
            || rest[7] != '-'
            || rest[10] != ' '
            || rest[19..] is not " GMT")
        {
            return false;
        }

        var (year, month, day) = (Number(rest[8..10]), Month(rest[4..7]), Number(rest[1..3]));
        return year >= 0 && TryMake(YearNear(year, now), month, day, rest[11..19], out date);
    }

    private static bool TryParseAsctime(ReadOnlySpan<char> text, out DateTimeOffset date)
    {
        date = default;
        return text.Length == 24
            && Days.AsSpan().Contains(text[..3].ToString())
            && text[3] == ' '
            && text[7] == ' '
            && text[10] == ' '
            && text[19] == ' '
            && TryMake(Number(text[20..24]), Month(text[4..7]), text[8] == ' '
                ? Number(text[9..10])
                : Number(text[8..10]), text[11..19], out date);
    }

    // A year that seems to be more than 50 years ahead is the latest one in the past that ends so.
    private static int YearNear(int lastTwoDigits, DateTimeOffset now)
    {
        var year = now.Year - (now.Year % 100) + lastTwoDigits;
        year += year <= now.Year - 50 ? 100 : 0;
        return year > now.Year + 50 ? year - 100 : year;
    }

    private static bool TryMake(int year, int month, int day, ReadOnlySpan<char> time, out DateTimeOffset date)
    {
        var (hour, minute, second) = (Number(time[..2]), Number(time[3..5]), Number(time[6..8]));
        if (time[2] != ':' || time[5] != ':' || year < 1 || month < 1 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            date = default;
            return false;
        }

        // A leap second is taken for the one before it: the calendar has none.
        date = new DateTimeOffset(year, month, day, hour, minute, Math.Min(second, 59), TimeSpan.Zero);
        return true;
    }

    private static int Month(ReadOnlySpan<char> text) => Months.AsSpan().IndexOf(text.ToString()) + 1;

    private static int Number(ReadOnlySpan<char> digits) =>
        digits.ContainsAnyExceptInRange('0', '9') ? -1 : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
