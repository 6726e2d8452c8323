namespace RedisResilience.RateLimiting.Limits.SlidingWindows;

/// <summary>A sliding window: the counts of its segments by age, and how long a segment is.</summary>
internal sealed class SlidingWindowCounter : Counter<SlidingWindow>
{
    private SlidingWindow _window = null!;
    private int[] _counts = [];
    private long _segment;
    private long _newest;
    private long _used;

    public override int Available => (int)Math.Max(0, Limit.Permits - _used);

    public override long Reset
    {
        get
        {
            var age = Array.FindIndex(_counts, count => count > 0);
            return age < 0 ? 0 : FreesAfter(age);
        }
    }

    public override long Wait(int permits)
    {
        var missing = _used + permits - Limit.Permits;
        for (var age = _counts.Length - 1; age >= 0 && missing > 0; age--)
        {
            missing -= _counts[age];
            if (missing <= 0)
            {
                return FreesAfter(age);
            }
        }

        return 0;
    }

    public override void Take(int permits)
    {
        // Given back is what counts for the shortest time to come.
        for (var age = _counts.Length - 1; age >= 0 && permits < 0; age--)
        {
            var back = Math.Min(-permits, _counts[age]);
            _counts[age] -= back;
            _used -= back;
            permits += back;
        }

        if (permits > 0)
        {
            _counts[0] += permits;
            _used += permits;
        }
    }

    protected override void OnBegin()
    {
        _window = (SlidingWindow)Limit;
        var current = Now / _window.SegmentMicroseconds;
        if (current != _newest || _window.SegmentMicroseconds != _segment || _counts.Length != _window.Segments + 1)
        {
            MoveTo(current);
        }
    }

    private void MoveTo(long current)
    {
        var (counts, segment, newest) = (_counts, _segment, _newest);
        _counts = new int[_window.Segments + 1];
        (_segment, _newest, _used) = (_window.SegmentMicroseconds, current, 0);
        for (var place = 0; place < counts.Length; place++)
        {
            // A segment of another length ends in one of ours, and what seems to come from the future is of now.
            var index = newest - place;
            var age = Math.Max(0, current - (segment == _segment ? index : (((index + 1) * segment) - 1) / _segment));
            if (age < _counts.Length)
            {
                _counts[age] += counts[place];
                _used += counts[place];
            }
        }
    }

    private long FreesAfter(int age) => ((_newest - age + _window.Segments + 1) * _segment) - Now;
}
