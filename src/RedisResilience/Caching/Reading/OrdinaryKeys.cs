namespace RedisResilience.Caching.Reading;

/// <summary>
/// The keys under which something was found within the last second that is no larger than an entry may be: it is read as a whole, which
/// costs the client less than a part. One for each place, which the key decides, so that there are never more.
/// </summary>
internal sealed class OrdinaryKeys(TimeProvider timeProvider)
{
    private const int Capacity = 1024;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    private readonly Found?[] _found = new Found?[Capacity];

    public bool Contains(string key, long now) =>
        Volatile.Read(ref PlaceOf(key)) is { } found && found.Key == key && timeProvider.GetElapsedTime(found.At, now) < Memory;

    public void Add(string key, long now) => Volatile.Write(ref PlaceOf(key), new Found(key, now));

    public void Remove(string key) => Volatile.Write(ref PlaceOf(key), null);

    private ref Found? PlaceOf(string key) => ref _found[string.GetHashCode(key, StringComparison.Ordinal) & (Capacity - 1)];

    private sealed record Found(string Key, long At);
}
