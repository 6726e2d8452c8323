using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Entries;

namespace RedisResilience.Caching;

/// <summary>The answer of a source: a body with its metadata, or nothing.</summary>
/// <remarks>The default value is <see cref="Nothing"/>.</remarks>
[SuppressMessage(
    "Performance", "CA1815:Override equals and operator equals on value types", Justification =
    "A handle to a buffer: two of them are never compared.")]
public readonly struct SourceResponse
{
    /// <summary>The most bytes of an <see cref="Annotation"/>: 4096.</summary>
    public const int MaximumAnnotationLength = 4096;

    /// <summary>A body.</summary>
    /// <param name="body">The bytes. They must not change afterwards, because they may still be on their way to Redis.</param>
    /// <param name="owner">
    /// Disposed when neither a caller nor Redis needs the bytes any more. It is never disposed if it is not certain that the bytes have
    /// left this process. Null when the bytes need no owner.
    /// </param>
    public SourceResponse(ReadOnlyMemory<byte> body, IDisposable? owner = null)
    {
        Body = body;
        Owner = owner;
        HasBody = true;
    }

    /// <summary>
    /// The source has nothing for this key. The cache remembers that for <see cref="CacheEntryOptions.NegativeTimeToLive"/>, if that is
    /// set.
    /// </summary>
    public static SourceResponse Nothing => default;

    /// <summary>The answer is for this caller only. It is not stored, and other callers who waited get no body.</summary>
    public static SourceResponse NotShared => new() { IsNotShared = true };

    /// <summary>Whether there is a body. An empty body is a body.</summary>
    public bool HasBody { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>
    /// How long this response is fresh, instead of <see cref="CacheEntryOptions.TimeToLive"/>. With zero it is served and not stored.
    /// </summary>
    /// <value>Default: null, the options' own. From zero to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan? TimeToLive { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>Used instead of <see cref="CacheEntryOptions.StaleWhileRevalidate"/>.</summary>
    /// <value>Default: null, the options' own. From zero to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan? StaleWhileRevalidate { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>Used instead of <see cref="CacheEntryOptions.StaleIfError"/>.</summary>
    /// <value>Default: null, the options' own. From zero to 365 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of its range.</exception>
    public TimeSpan? StaleIfError { get; init => field = TimeToLiveRules.ValidWindow(value); }

    /// <summary>The coding of the body.</summary>
    /// <value>Default: <see cref="ContentEncoding.Identity"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">None of the enumeration's.</exception>
    public ContentEncoding ContentEncoding { get; init => field = FieldRules.Valid(value); }

    /// <summary>
    /// The length of the body without its coding. 0 when it is not known. Only for a <see cref="ContentEncoding"/> other than identity.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int OriginalLength { get; init => field = FieldRules.Valid(value); }

    /// <summary>The media type, stored with the body.</summary>
    /// <value>Default: null. At most 256 visible ASCII characters and spaces.</value>
    /// <exception cref="ArgumentException">Too long, or not clean: a line break in a header would be another header.</exception>
    public string? ContentType { get; init => field = FieldRules.Valid(value, nameof(ContentType)); }

    /// <summary>The entity tag with its quotes, stored with the body.</summary>
    /// <value>Default: null. At most 256 visible ASCII characters and spaces.</value>
    /// <exception cref="ArgumentException">Too long, or not clean: a line break in a header would be another header.</exception>
    public string? ETag { get; init => field = FieldRules.Valid(value, nameof(ETag)); }

    /// <summary>Tags of this response, in addition to <see cref="CacheEntryOptions.Tags"/>.</summary>
    /// <value>Default: null. At most 16.</value>
    /// <exception cref="ArgumentException">A tag that is no good as a key, or too many.</exception>
    public IReadOnlyList<string>? Tags { get; init => field = TagRules.Valid(value); }

    /// <summary>Other data to store with the body, such as header fields.</summary>
    /// <value>Default: empty. At most <see cref="MaximumAnnotationLength"/> bytes.</value>
    /// <exception cref="ArgumentException">Too long.</exception>
    public ReadOnlyMemory<byte> Annotation { get; init => field = FieldRules.Valid(value, nameof(Annotation)); }

    internal bool IsNotShared { get; private init; }

    internal IDisposable? Owner { get; }

    /// <summary>The response for a caller who has asked the source alone.</summary>
    internal CachedResponse ToCreated() =>
        HasBody
            ? CachedResponse.Created(Body, Owner) with { Description = Describe() }
            : IsNotShared ? default : CachedResponse.Nothing(CacheOutcome.Created);

    /// <summary>The description of the body. Null when there is none.</summary>
    internal ResponseDescription? Describe() =>
        ContentEncoding == ContentEncoding.Identity && ContentType is null && ETag is null && Annotation.IsEmpty
        ? null
        : new ResponseDescription
        {
            ContentEncoding = ContentEncoding,
            OriginalLength = OriginalLength,
            ContentType = ContentType,
            ETag = ETag,
            Annotation = Annotation
        };
}
