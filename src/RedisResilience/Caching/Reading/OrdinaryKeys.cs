namespace RedisResilience.Caching.Reading;

/// <summary>
/// The keys under which an entry of an allowed size was found within the last second. Such a key is read with <c>GET</c>, which costs the
/// client less than <c>GETRANGE</c>. There is a fixed number of places. The key decides the place, so a new key replaces the old one there.
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
