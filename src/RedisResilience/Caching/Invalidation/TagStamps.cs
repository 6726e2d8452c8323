using System.Text;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Entries are stamped with the versions of their tags. Another version makes them void, and none of them has to be found.</summary>
internal sealed class TagStamps(VersionCopies versions)
{
    /// <summary>The stamps of a load that is about to begin; null when the store does not say.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="since">When the request began that loads. Null: it begins with this.</param>
    public async ValueTask<EntryTag[]?> BeginAsync(IReadOnlyList<string> tags, long? since)
    {
        if (tags.Count == 0)
        {
            return [];
        }

        // All are on their way before any is awaited, so that they take the time of one; and each is asked for once, however soon its answer comes.
        var asked = new Task<long?>[tags.Count];
        for (var index = 0; index < asked.Length; index++)
        {
            asked[index] = versions.GetAsync(tags[index], since).AsTask();
        }

        var stamps = new EntryTag[asked.Length];
        for (var index = 0; index < stamps.Length; index++)
        {
            if (await asked[index].ConfigureAwait(false) is not { } version)
            {
                return null;
            }

            stamps[index] = new EntryTag(tags[index], version);
        }

        return stamps;
    }

    /// <summary>All the stamps of a load, with those tags that only its result has told; null when one of them may have been removed since it began.</summary>
    public async ValueTask<ReadOnlyMemory<EntryTag>?> EndAsync(EntryTag[]? begun, IReadOnlyList<string>? more, long beganAt, long? since)
    {
        if (begun is null || more is null or { Count: 0 })
        {
            return begun is null ? default(ReadOnlyMemory<EntryTag>?) : begun;
        }

        if (await BeginAsync(more, since).ConfigureAwait(false) is not { } ended)
        {
            return null;
        }

        foreach (var stamp in ended)
        {
            if (!TagVersion.IsOlderThan(stamp.Version, beganAt))
            {
                return null;
            }
        }

        return (EntryTag[])[.. begun, .. ended];
    }

    /// <summary>Whether none of an entry's tags has been removed. False when the store does not say.</summary>
    public ValueTask<bool> AreValidAsync(in EntryHeader header, ReadOnlyMemory<byte> entry, long since) => AreValidAsync(header, entry, since, known: 0);

    private ValueTask<bool> AreValidAsync(in EntryHeader header, ReadOnlyMemory<byte> entry, long since, int known)
    {
        var tags = header.Tags(entry.Span);
        Span<char> name = stackalloc char[RedisKeyLimits.MaximumLength];
        for (var index = 0; tags.TryNext(out var utf8, out var stamped); index++)
        {
            if (index < known)
            {
                continue;
            }

            if (!Encoding.UTF8.TryGetChars(utf8, name, out var length))
            {
                return new ValueTask<bool>(false);
            }

            var version = versions.GetAsync(name[..length], since);
            if (!version.IsCompletedSuccessfully)
            {
                return AwaitAsync(version, stamped, header, entry, since, index + 1);
            }

            if (version.Result != stamped)
            {
                return new ValueTask<bool>(false);
            }
        }

        return new ValueTask<bool>(true);
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<long?> version, long stamped, EntryHeader header, ReadOnlyMemory<byte> entry, long since, int known) =>
        await version.ConfigureAwait(false) == stamped && await AreValidAsync(header, entry, since, known).ConfigureAwait(false);
}
