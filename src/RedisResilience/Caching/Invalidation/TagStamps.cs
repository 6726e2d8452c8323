using System.Text;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>
/// Stamps entries with the versions of their tags. A new version of a tag makes its entries invalid, and none of them has to be found.
/// </summary>
/// <remarks>
/// A tag has a version for as long as an entry may have the tag. If a tag has no version, it was not removed during the longest time that a
/// load may take, and no entry with it is valid.
/// </remarks>
internal sealed class TagStamps(VersionCopies versions)
{
    /// <summary>The shortest life of a removed tag's version, because a load that began before the removal may take that long.</summary>
    public static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestLoad = ShortestLife - TimeSpan.FromMinutes(1);

    /// <summary>
    /// The stamps of a load that is about to begin. Zero for a tag without a version. Null when the store did not answer.
    /// </summary>
    /// <param name="tags">The tags.</param>
    /// <param name="since">When the request began that loads. Null: it begins with this.</param>
    public ValueTask<EntryTag[]?> BeginAsync(IReadOnlyList<string> tags, long? since) =>
        tags.Count == 0 ? new ValueTask<EntryTag[]?>([]) : AskAsync(tags, tag => versions.GetAsync(tag, since));

    /// <summary>The stamps for an entry that a caller stores itself: the current versions, which live as long as the entry.</summary>
    public ValueTask<EntryTag[]?> MakeAsync(IReadOnlyList<string> tags, TimeSpan life, long? since) =>
        tags.Count == 0 ? new ValueTask<EntryTag[]?>([]) : AskAsync(tags, tag => versions.EnsureAsync(tag, life, since));

    /// <summary>All stamps of a load, including tags that only its result names. Their versions live as long as the entry.</summary>
    /// <param name="load">The load, with its stamps from before the source was called.</param>
    /// <param name="more">The tags that the source has named.</param>
    /// <param name="took">How long the load has taken since its stamps were asked for.</param>
    /// <param name="life">How long the entry is to live.</param>
    /// <param name="since">When the request began that stores.</param>
    /// <returns>The stamps, or null when the store did not answer, and whether a tag may have been removed since the load began: null when
    /// nobody knows.</returns>
    public async ValueTask<(ReadOnlyMemory<EntryTag>? Known, bool? AreOutdated)> EndAsync(
        InFlightLoad load, IReadOnlyList<string>? more, TimeSpan took, TimeSpan life, long since)
    {
        var begun = load.Stamps;
        IReadOnlyList<string> tags = more is null or { Count: 0 } ? load.Call.Options.Tags : [.. load.Call.Options.Tags, .. more];
        if (begun is null || await MakeAsync(tags, life, since).ConfigureAwait(false) is not { } ended)
        {
            return default;
        }

        for (var index = 0; index < ended.Length; index++)
        {
            var version = ended[index].Version;
            var isSafe = (index < begun.Length && begun[index].Version == version)
                || (TagVersion.WasRemoved(version)
                    ? index >= begun.Length && TagVersion.IsOlderThan(version, load.Lease.AcquiredAt)
                    : took <= LongestLoad);
            if (!isSafe)
            {
                return (null, true);
            }
        }

        return (ended, false);
    }

    /// <summary>
    /// True when no tag of a load was removed since the load called the source, or when it has not called the source yet. False when the
    /// store did not answer.
    /// </summary>
    public async ValueTask<bool> AreCurrentAsync(InFlightLoad load, long since)
    {
        if (load.Call.Options.Tags.Count == 0 || !load.HasAsked)
        {
            return true;
        }

        return load.Stamps is { } stamps
            && await BeginAsync(load.Call.Options.Tags, since).ConfigureAwait(false) is { } now
            && now.AsSpan().SequenceEqual(stamps);
    }

    /// <summary>Whether none of an entry's tags has been removed. False when the store does not say.</summary>
    public ValueTask<bool> AreValidAsync(in EntryHeader header, ReadOnlyMemory<byte> entry, long since) =>
        AreValidAsync(header, entry, since, known: 0);

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

            if (stamped == 0 || !Encoding.UTF8.TryGetChars(utf8, name, out var length))
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

    private async ValueTask<bool> AwaitAsync(
        ValueTask<long?> version, long stamped, EntryHeader header, ReadOnlyMemory<byte> entry, long since, int known) =>
        await version.ConfigureAwait(false) == stamped && await AreValidAsync(header, entry, since, known).ConfigureAwait(false);

    // All are on their way before any is awaited, so that they take the time of one; and each is asked for once, however soon its answer
    // comes.
    private static async ValueTask<EntryTag[]?> AskAsync(IReadOnlyList<string> tags, Func<string, ValueTask<long?>> ask)
    {
        var asked = new Task<long?>[tags.Count];
        for (var index = 0; index < asked.Length; index++)
        {
            asked[index] = ask(tags[index]).AsTask();
        }

        var stamps = new EntryTag[asked.Length];
        var areKnown = true;
        for (var index = 0; index < stamps.Length; index++)
        {
            var version = await asked[index].ConfigureAwait(false);
            areKnown &= version is not null;
            stamps[index] = new EntryTag(tags[index], version ?? 0);
        }

        return areKnown ? stamps : null;
    }
}
