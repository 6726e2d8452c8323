using System.Collections.Concurrent;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>What this process knows of the versions of tags or namespaces: for a short while, and asked for again before that is over.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="keyPart">Stands before their names.</param>
/// <param name="change">Whether one that is missing is made.</param>
/// <param name="maximumAge">How long a copy is good.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class VersionCopies(IEntryStore store, string keyPart, VersionChange change, TimeSpan maximumAge, TimeProvider timeProvider)
{
    private const int Capacity = 16_384;

    // Short of the age of what was never said.
    private static readonly TimeSpan AnyAge = TimeSpan.MaxValue - TimeSpan.FromTicks(1);

    private readonly ConcurrentDictionary<string, VersionCopy> _copies = new(StringComparer.Ordinal);

    public string KeyOf(string name) => keyPart + name;

    /// <summary>The version; null when the store does not say.</summary>
    /// <param name="name">Of the tag or namespace.</param>
    /// <param name="since">When the request began that asks. Null: it begins with this.</param>
    public ValueTask<long?> GetAsync(ReadOnlySpan<char> name, long? since = null)
    {
        var now = timeProvider.GetTimestamp();
        var copy = Find(name);
        if (maximumAge > TimeSpan.Zero && copy.TryGet(now, maximumAge, out var version, out var isOld))
        {
            if (isOld)
            {
                _ = copy.RefreshAsync();
            }

            return new ValueTask<long?>(version);
        }

        return AskAsync(copy, now, maximumAge, since);
    }

    /// <summary>The version as it was when the store last said it, however long ago; null when it never did.</summary>
    public long? Last(ReadOnlySpan<char> name) => Find(name).TryGet(timeProvider.GetTimestamp(), AnyAge, out var version, out _) ? version : null;

    /// <summary>The version as it is now or later; null when the store does not say.</summary>
    public ValueTask<long?> AskAsync(ReadOnlySpan<char> name, long? since = null) => AskAsync(Find(name), timeProvider.GetTimestamp(), TimeSpan.Zero, since);

    /// <summary>What is known of it is not good any more.</summary>
    public void Forget(string name) => _copies.TryRemove(name, out _);

    private static async ValueTask<long?> AskAsync(VersionCopy copy, long now, TimeSpan age, long? since)
    {
        // Twice at most, and in the time of once: a question that was under way may have been answered before this one was asked.
        return await copy.RefreshAsync(since).ConfigureAwait(false)
            && (copy.TryGet(now, age, out var version, out _) || (await copy.RefreshAsync(since ?? now).ConfigureAwait(false) && copy.TryGet(now, age, out version, out _)))
            ? version
            : null;
    }

    private VersionCopy Find(ReadOnlySpan<char> name)
    {
        var lookup = _copies.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(name, out var copy))
        {
            return copy;
        }

        // Names are few; where they are not, all are asked for again.
        if (_copies.Count >= Capacity)
        {
            _copies.Clear();
        }

        var text = name.ToString();
        return _copies.GetOrAdd(text, new VersionCopy(KeyOf(text), store, change, timeProvider));
    }
}
