using System.Numerics;

namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>A bucket that holds nanoseconds, of which a token costs some: a token bucket as it is drawn on a blackboard.</summary>
internal sealed class BucketOracle(int burst, long interval) : Oracle
{
    private readonly BigInteger _capacity = new BigInteger(burst) * interval;
    private BigInteger _level = new BigInteger(burst) * interval;
    private long _seen;

    public override int Free(long now) => (int)(Level(now) / interval);

    public override long Wait(int permits, long now)
    {
        var missing = (new BigInteger(permits) * interval) - Level(now);
        return missing <= 0 ? 0 : Microseconds(missing);
    }

    public override long Reset(long now) => Microseconds(_capacity - Level(now));

    public override void Take(int permits, long now) => _level = Level(now) - (new BigInteger(permits) * interval);

    public override void GiveBack(int permits, long now) =>
        _level = BigInteger.Min(_capacity, Level(now) + (new BigInteger(permits) * interval));

    private BigInteger Level(long now)
    {
        _level = BigInteger.Min(_capacity, _level + (new BigInteger(now - _seen) * 1000));
        _seen = now;
        return _level;
    }

    private static long Microseconds(BigInteger nanoseconds) => (long)((nanoseconds + 999) / 1000);
}
