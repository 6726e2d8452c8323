namespace RedisResilience.Dashboard.Recording;

/// <summary>How often one key was denied, by minutes.</summary>
internal sealed class DenialCount
{
    private const int Minutes = 5;

    private readonly long[] _times = new long[Minutes];
    private long _minute;
    private long _until;

    /// <summary>Until when the key is denied, in milliseconds since 1970.</summary>
    public long Until => Volatile.Read(ref _until);

    public void Add(DateTimeOffset now, TimeSpan retryAfter)
    {
        lock (_times)
        {
            GoOnTo(MinuteOf(now));
            _times[_minute % Minutes]++;
            Volatile.Write(ref _until, (now + retryAfter).ToUnixTimeMilliseconds());
        }
    }

    /// <summary>How often within the last minutes.</summary>
    public long Sum(DateTimeOffset now)
    {
        lock (_times)
        {
            GoOnTo(MinuteOf(now));
            return _times.Sum();
        }
    }

    private static long MinuteOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / 60;

    private void GoOnTo(long minute)
    {
        // A clock that is set back does not forget anything.
        for (var next = Math.Max(_minute + 1, minute - Minutes + 1); next <= minute; next++)
        {
            _times[next % Minutes] = 0;
        }

        _minute = Math.Max(_minute, minute);
    }
}
