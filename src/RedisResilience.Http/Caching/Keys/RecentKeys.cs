namespace RedisResilience.Http.Caching.Keys;

/// <summary>Keys that were made for a URI a moment ago. Most requests ask for the same URIs again, and hashing takes longer than the rest
/// of a hit.</summary>
internal sealed class RecentKeys
{
    private const int Places = 1024;

    private readonly Entry?[] _places = new Entry?[Places];

    public string? Find(string uri) => Volatile.Read(ref Place(uri)) is { } entry && entry.Uri == uri ? entry.Key : null;

    public void Add(string uri, string key) => Volatile.Write(ref Place(uri), new Entry(uri, key));

    private ref Entry? Place(string uri) => ref _places[(uint)string.GetHashCode(uri.AsSpan()) % Places];

    private sealed record Entry(string Uri, string Key);
}
