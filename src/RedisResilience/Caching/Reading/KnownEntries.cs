namespace RedisResilience.Caching.Reading;

/// <summary>The entries that were read last: one for each place, which the key decides, so that there are never more.</summary>
internal sealed class KnownEntries
{
    private const int Capacity = 1024;

    // What is longer is looked up in the bytes each time.
    private const int LongestAnnotation = SourceResponse.MaximumAnnotationLength;

    private readonly KnownEntry?[] _entries = new KnownEntry?[Capacity];

    public KnownEntry? Find(string key) => Volatile.Read(ref PlaceOf(key)) is { } entry && entry.Key == key ? entry : null;

    public void Keep(KnownEntry entry)
    {
        if (entry.Description.Annotation.Length <= LongestAnnotation)
        {
            Volatile.Write(ref PlaceOf(entry.Key), entry);
        }
    }

    public void Forget(string key) => Volatile.Write(ref PlaceOf(key), null);

    private ref KnownEntry? PlaceOf(string key) => ref _entries[string.GetHashCode(key, StringComparison.Ordinal) & (Capacity - 1)];
}
