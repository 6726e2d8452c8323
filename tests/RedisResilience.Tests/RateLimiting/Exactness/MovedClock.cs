namespace RedisResilience.Tests.RateLimiting.Exactness;

/// <summary>A clock that stands still until it is moved, in either direction.</summary>
internal sealed class MovedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}
