using System.IO.Hashing;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching.Filling;

/// <summary>Makes the bytes of an entry: the raw body if there is no metadata, otherwise a header and the body.</summary>
internal sealed class EntryComposer(string keyPrefix, RedisResilienceOptions options, StoredKeys keys, TimeProvider timeProvider)
{
    private const string TooLarge = "too_large";
    private const string TooManyKeys = "too_many_keys";

    /// <summary>
    /// How long an entry is fresh and lives, before its bytes are made. The result is not storable if the entry must not be stored.
    /// </summary>
    public static ComposedEntry Terms(in SourceResponse response, CacheEntryOptions options)
    {
        var freshFor = FreshFor(response, options);
        if (freshFor < TimeToLiveRules.Shortest || response.IsNotShared)
        {
            return default;
        }

        var life = freshFor + StaleFor(response, options);
        return new ComposedEntry(default, freshFor, life < TimeToLiveRules.Longest ? life : TimeToLiveRules.Longest);
    }

    /// <summary>Whether to make an entry: as far as is known it is not too large, and there are not too many keys.</summary>
    public bool TryAdmit(string key, in SourceResponse response, CacheEntryOptions entryOptions, ref ComposedEntry terms)
    {
        var isTooLarge = response.Body.Length > options.MaximumEntrySize;
        var isAdmitted = isTooLarge || keys.TryAdd(key, entryOptions.Tags, response.Tags, response.Body.Length, terms.Life);
        terms = terms with { Refusal = isTooLarge ? TooLarge : isAdmitted ? null : TooManyKeys };
        return terms.Refusal is null;
    }

    /// <param name="key">The entry's key, without the prefix.</param>
    /// <param name="response">The answer of the source.</param>
    /// <param name="entryOptions">How to keep it.</param>
    /// <param name="tags">The tags, with the versions that they had before the load began.</param>
    /// <param name="terms">How long it lives.</param>
    /// <param name="loadCost">How long the load took.</param>
    public ComposedEntry Compose(
        string key, in SourceResponse response, CacheEntryOptions entryOptions, ReadOnlyMemory<EntryTag> tags, in ComposedEntry terms,
        TimeSpan loadCost)
    {
        var (freshFor, life) = (terms.FreshFor, terms.Life);
        using var coded = IsWorthCoding(response) ? BodyCompression.TryCompress(response.Body.Span, options.CompressionLevel) : null;
        if (coded is null && IsPlain(response, entryOptions, tags))
        {
            return new ComposedEntry(response.Body, freshFor, life, response.Body.Length > options.MaximumEntrySize ? TooLarge : null);
        }

        var metadata = new EntryMetadata
        {
            Created = timeProvider.GetUtcNow(),
            FreshFor = freshFor,
            TimeToLive = life,
            LoadCost = loadCost,
            IsNegative = !response.HasBody,
            Encoding = coded is null ? response.ContentEncoding : ContentEncoding.Brotli,
            OriginalLength = coded is null ? response.OriginalLength : response.Body.Length,
            ContentType = response.ContentType,
            // Of the body as the source gave it: it is the same for whoever gets it decoded.
            EntityTag = response.ETag ?? (coded is null ? null : BodyTag.Of(XxHash3.HashToUInt64(response.Body.Span))),
            Annotation = response.Annotation,
            Tags = tags,
        };
        var body = coded?.Memory ?? response.Body;
        var length = EntryWriter.GetLength(metadata, body.Length);
        if (length > options.MaximumEntrySize)
        {
            return new ComposedEntry(default, freshFor, life, TooLarge);
        }

        // Not from a pool: the client may still hold it when the call has ended without an answer.
        var entry = GC.AllocateUninitializedArray<byte>(length);
        EntryWriter.Write(metadata, EntryKey.Hash(keyPrefix, key), body.Span, entry);
        return new ComposedEntry(entry, freshFor, life);
    }

    // What is larger than an entry may be is not made to fit: whoever decodes it relies on the bound.
    private bool IsWorthCoding(in SourceResponse response) =>
        response is { HasBody: true, ContentEncoding: ContentEncoding.Identity }
            && response.Body.Length >= options.CompressionThreshold
            && response.Body.Length <= options.MaximumEntrySize;

    // An empty value under a key looks like none to whoever reads only so many bytes of it.
    private static bool IsPlain(in SourceResponse response, CacheEntryOptions options, ReadOnlyMemory<EntryTag> tags) =>
        response is { HasBody: true, ContentEncoding: ContentEncoding.Identity, ContentType: null, ETag: null, Annotation.IsEmpty: true }
        && tags.IsEmpty
            && !response.Body.IsEmpty
            && options.EarlyRefreshFactor == 0
            && StaleFor(response, options) == TimeSpan.Zero
            && EntryWriter.CanBePlain(response.Body.Span);

    private static TimeSpan FreshFor(in SourceResponse response, CacheEntryOptions options)
    {
        var whole = response.HasBody
            ? response.TimeToLive ?? options.TimeToLive
            : response.TimeToLive ?? options.NegativeTimeToLive ?? TimeSpan.Zero;
        return options.JitterFactor == 0 ? whole : whole * (1 - (options.JitterFactor * Random.Shared.NextDouble()));
    }

    // A stale "there is nothing" protects nobody.
    private static TimeSpan StaleFor(in SourceResponse response, CacheEntryOptions options)
    {
        var revalidating = response.StaleWhileRevalidate ?? options.StaleWhileRevalidate;
        var failing = response.StaleIfError ?? options.StaleIfError;
        return !response.HasBody ? TimeSpan.Zero : revalidating > failing ? revalidating : failing;
    }
}
