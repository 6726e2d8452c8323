namespace RedisResilience.RateLimiting.Limits.FixedWindows;

/// <summary>A fixed window: its count and its end.</summary>
internal sealed class FixedWindowCounter : Counter<FixedWindow>
{
    private long _count;
    private long _end;

    public override int Available => (int)Math.Max(0, Limit.Permits - _count);

    public override long Reset => _count == 0 ? 0 : _end - Now;

    private long Window => Limit.Window.Ticks / TimeSpan.TicksPerMicrosecond;

    public override long Wait(int permits) => _count + permits > Limit.Permits ? Reset : 0;

    public override void Take(int permits)
    {
        if (_count == 0)
        {
            _end = Now + Window;
        }

        _count = Math.Max(0, _count + permits);
    }

    // A window is known by its end, which is told as exactly as clocks and round trips allow.
    public override void GiveBack(int permits, ReadOnlySpan<long> until)
    {
        if (Math.Abs(_end - until[0]) <= Math.Min(Window / 2, 5 * TimeSpan.MicrosecondsPerSecond))
        {
            Take(-permits);
        }
    }

    protected override void OnBegin()
    {
        if (_end <= Now)
        {
            _count = 0;
        }

        // No window ends later than the limit now says.
        _end = Math.Min(_end, Now + Window);
    }
}
