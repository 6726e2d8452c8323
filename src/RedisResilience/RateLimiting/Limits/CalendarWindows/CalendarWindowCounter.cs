namespace RedisResilience.RateLimiting.Limits.CalendarWindows;

/// <summary>A calendar window: its count and its end.</summary>
internal sealed class CalendarWindowCounter : Counter<CalendarWindow>
{
    private long _count;
    private long _end;

    public override int Available => (int)Math.Max(0, Limit.Permits - _count);

    public override long Reset => _count == 0 ? 0 : _end - Now;

    public override long Wait(int permits) => _count + permits > Limit.Permits ? Reset : 0;

    public override void Take(int permits)
    {
        if (_count == 0)
        {
            _end = Limit.EndAfter(Now);
        }

        _count = Math.Max(0, _count + permits);
    }

    // A window is known by its end.
    public override void GiveBack(int permits, ReadOnlySpan<long> until)
    {
        if (Math.Abs(_end - until[0]) <= 5 * TimeSpan.MicrosecondsPerSecond)
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
        _end = Math.Min(_end, Limit.EndAfter(Now));
    }
}
