namespace RedisResilience.Caching;

/// <summary>A time or none in eight bytes, half of what <see cref="Nullable{T}"/> takes. The default value is none.</summary>
internal readonly struct OptionalTime(TimeSpan? time)
{
    // One more than the ticks: zero is a time.
    private readonly long _ticks = time is { } known ? known.Ticks + 1 : 0;

    public TimeSpan? Value => _ticks == 0 ? null : new TimeSpan(_ticks - 1);
}
