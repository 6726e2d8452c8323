namespace RedisResilience.RateLimiting.Limits.SlidingWindows;

/// <summary>A sliding window: the end and the permits of each segment in which permits were taken, the newest first.</summary>
internal sealed class SlidingWindowCounter : Counter<SlidingWindow>
{
    private const int MostSegments = 128;

    // As of the last call that took; and as of now, by the limit of this one.
    private readonly List<(long End, int Permits)> _written = [];
    private readonly List<(long End, int Permits)> _segments = [];
    private long _used;
    private bool _isRepaired;

    public override int Available => (int)Math.Max(0, Limit.Permits - _used);

    public override long Reset => _used == 0 ? 0 : _segments[0].End + Window - Now;

    public override bool IsRepaired => _isRepaired;

    private long Window => Limit.SegmentMicroseconds * Limit.Segments;

    // When a segment ends that begins or goes on now.
    private long Newest => ((Now / Limit.SegmentMicroseconds) + 1) * Limit.SegmentMicroseconds;

    public override long Wait(int permits)
    {
        var missing = _used + permits - Limit.Permits;
        if (missing <= 0)
        {
            return 0;
        }

        for (var place = _segments.Count - 1; place >= 0; place--)
        {
            missing -= _segments[place].Permits;
            if (missing <= 0)
            {
                return _segments[place].End + Window - Now;
            }
        }

        return Window;
    }

    public override void Take(int permits) => Take(permits, long.MaxValue);

    // What has been taken since is somebody else's.
    public override void GiveBack(int permits, ReadOnlySpan<long> until) => Take(-permits, until[0] - Window);

    private void Take(int permits, long newest)
    {
        // Given back is what counts for the shortest time to come.
        for (var left = -permits; left > 0 && _segments.Count > 0 && _segments[^1].End <= newest;)
        {
            var (end, counted) = _segments[^1];
            var back = Math.Min(left, counted);
            (_used, left) = (_used - back, left - back);
            Set(_segments.Count - 1, end, counted - back);
        }

        if (permits > 0)
        {
            Add(permits);
        }

        _written.Clear();
        _written.AddRange(_segments);
        _isRepaired = false;
    }

    protected override void OnBegin()
    {
        _segments.Clear();
        (_used, _isRepaired) = (0, false);
        foreach (var (written, permits) in _written)
        {
            // What seems to come from the future was taken before the clock was set back, and is of now.
            var end = Math.Min(written, Newest);
            _isRepaired |= end < written;
            if (end > Now - Window)
            {
                _used += permits;
                if (_segments.Count > 0 && _segments[^1].End == end)
                {
                    _segments[^1] = (end, _segments[^1].Permits + permits);
                }
                else
                {
                    _segments.Add((end, permits));
                }
            }
        }
    }

    private void Add(int permits)
    {
        _used += permits;
        if (_segments.Count > 0 && _segments[0].End > Now)
        {
            _segments[0] = (_segments[0].End, _segments[0].Permits + permits);
            return;
        }

        _segments.Insert(0, (Newest, permits));
        if (_segments.Count > MostSegments)
        {
            // Of more segments than anybody needs the oldest two are one, that counts for as long as the younger.
            _segments[^2] = (_segments[^2].End, _segments[^2].Permits + _segments[^1].Permits);
            _segments.RemoveAt(_segments.Count - 1);
        }
    }

    private void Set(int place, long end, int permits)
    {
        if (permits == 0)
        {
            _segments.RemoveAt(place);
        }
        else
        {
            _segments[place] = (end, permits);
        }
    }
}
