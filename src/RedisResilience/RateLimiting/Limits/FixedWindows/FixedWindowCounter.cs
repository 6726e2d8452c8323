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

    // Windows are a whole window apart: what ends half of one before or after is another one.
    public override void GiveBack(int permits, ReadOnlySpan<long> until)
    {
        if (Math.Abs(_end - until[0]) <= Window / 2)
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
