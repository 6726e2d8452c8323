namespace RedisResilience.Caching;

/// <summary>A time, or none, in eight bytes: half of what a nullable one takes, in a value that is handed on often.</summary>
internal readonly struct OptionalTime
{
    // Zero is none, so that the default is; what is not negative is one more.
    private readonly long _shifted;

    public OptionalTime(TimeSpan? time) => _shifted = time is not { } known ? 0 : known.Ticks >= 0 ? known.Ticks + 1 : known.Ticks;

    public TimeSpan? Value => _shifted == 0 ? null : new TimeSpan(_shifted > 0 ? _shifted - 1 : _shifted);
}
