namespace RedisResilience.RateLimiting.Limits.SlidingLogs;

/// <summary>A sliding log: the time of each permit in use, the oldest first.</summary>
internal sealed class SlidingLogCounter : Counter<SlidingLog>
{
    private readonly List<long> _taken = [];

    // So many at the front have come back by the limit of this call.
    private int _back;
    private bool _isRepaired;

    public override int Available => Math.Max(0, Limit.Permits - Used);

    public override long Reset => Used == 0 ? 0 : Left(_taken[^1]);

    public override bool IsRepaired => _isRepaired;

    private int Used => _taken.Count - _back;

    private long Window => Limit.Window.Ticks / TimeSpan.TicksPerMicrosecond;

    public override long Wait(int permits)
    {
        var place = Used + permits - Limit.Permits - 1;
        return place < 0 ? 0 : place < Used ? Left(_taken[_back + place]) : Window;
    }

    public override void Take(int permits)
    {
        // Given back is what would have come back first.
        _taken.RemoveRange(0, _back + Math.Min(Used, Math.Max(0, -permits)));
        (_back, _isRepaired) = (0, false);
        for (var permit = 0; permit < permits; permit++)
        {
            _taken.Add(Now);
        }
    }

    // What has been taken since is somebody else's.
    public override void GiveBack(int permits, ReadOnlySpan<long> until)
    {
        var takenUntil = until[0] - Window;
        Take(-Math.Min(permits, _taken.Skip(_back).Count(taken => taken <= takenUntil)));
    }

    protected override void OnBegin()
    {
        // What seems to come from the future was taken before the clock was set back, and is of now.
        for (var place = _taken.Count - 1; place >= 0 && _taken[place] > Now; place--)
        {
            _taken[place] = Now;
            _isRepaired = true;
        }

        _back = _taken.FindIndex(taken => Left(taken) > 0);
        _back = _back < 0 ? _taken.Count : _back;
    }

    private long Left(long taken) => taken + Window - Now;
}
