namespace RedisResilience.RateLimiting.Limits.SlidingLogs;

/// <summary>A sliding log: the time of each permit in use, the oldest first.</summary>
internal sealed class SlidingLogCounter : Counter<SlidingLog>
{
    private readonly List<long> _taken = [];

    public override int Available => Math.Max(0, Limit.Permits - _taken.Count);

    public override long Reset => _taken.Count == 0 ? 0 : Left(_taken[^1]);

    private long Window => Limit.Window.Ticks / TimeSpan.TicksPerMicrosecond;

    public override long Wait(int permits)
    {
        var place = _taken.Count + permits - Limit.Permits - 1;
        return place < 0 ? 0 : Left(_taken[place]);
    }

    public override void Take(int permits)
    {
        // Given back is what would have come back first.
        _taken.RemoveRange(0, Math.Min(_taken.Count, Math.Max(0, -permits)));
        for (var permit = 0; permit < permits; permit++)
        {
            _taken.Add(Now);
        }
    }

    protected override void OnBegin()
    {
        var kept = _taken.FindIndex(taken => Left(taken) > 0);
        _taken.RemoveRange(0, kept < 0 ? _taken.Count : kept);
    }

    // No permit comes back later than one taken now.
    private long Left(long taken) => Math.Min(taken, Now) + Window - Now;
}
