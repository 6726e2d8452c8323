
namespace RedisResilience.RateLimiting.Limits.TokenBuckets;

/// <summary>A token bucket: the time when it will be full, in nanoseconds.</summary>
internal sealed class TokenBucketCounter : Counter<TokenBucket>
{
    private const long Thousand = TimeSpan.TicksPerMicrosecond * TimeSpan.NanosecondsPerTick;

    private TokenBucket _bucket = null!;
    private TokenBucket? _bookedBy;
    private long _fullAt;
    private long _missing;

    public override int Available => (int)Math.Max(0, (_bucket.Capacity - _missing) / _bucket.Interval);

    public override long Reset => RoundUp(_missing);

    public override long Wait(int permits) => RoundUp(_missing + (permits * _bucket.Interval) - _bucket.Capacity);

    public override void Take(int permits)
    {
        _missing = Math.Max(0, _missing + (permits * _bucket.Interval));
        _fullAt = (Now * Thousand) + _missing;
        _bookedBy = _missing > _bucket.Capacity ? _bucket : null;
    }

    protected override void OnBegin()
    {
        _bucket = (TokenBucket)Limit;
        _missing = Math.Max(0, _fullAt - (Now * Thousand));

        // No more is missing than the bucket holds, unless it has been booked ahead by this very limit.
        if (_missing > _bucket.Capacity && !(_bookedBy?.Interval == _bucket.Interval && _bookedBy.Capacity == _bucket.Capacity))
        {
            _missing = _bucket.Capacity;
        }
    }

    private static long RoundUp(long nanoseconds) => nanoseconds <= 0 ? 0 : ((nanoseconds - 1) / Thousand) + 1;
}
