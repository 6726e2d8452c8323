using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching;

/// <summary>
/// The answer of a cache: a body and where it came from, or a miss. Dispose it once after use, because the body may be in a pooled buffer.
/// </summary>
/// <remarks>The default value is a miss.</remarks>
[SuppressMessage(
    "Performance", "CA1815:Override equals and operator equals on value types", Justification =
    "A handle to a buffer: two of them are never compared.")]
public readonly struct CachedResponse : IDisposable
{
    private const int DefaultDecodedLimit = 64 * 1024 * 1024;

    private CachedResponse(ReadOnlyMemory<byte> body, IDisposable? owner, CacheOutcome outcome)
    {
        Body = body;
        Owner = owner;
        HasBody = true;
        Outcome = outcome;
    }

    /// <summary>The result of a read that Redis did not answer.</summary>
    internal static CachedResponse Unavailable { get; } = new() { Outcome = CacheOutcome.Unavailable };

    /// <summary>The result of a read that found only an entry that is no longer fresh.</summary>
    internal static CachedResponse Expired { get; } = new() { Outcome = CacheOutcome.Expired };

    /// <summary>Whether there is a body, from the cache or from the source. An empty body is a body.</summary>
    public bool HasBody { get; }

    /// <summary>The bytes, valid until <see cref="Dispose"/>. Empty when there is no body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Where the response came from.</summary>
    public CacheOutcome Outcome { get; init; }

    /// <summary>
    /// Whether the response came from the cache, fresh or stale. A negative entry (<see cref="IsNegative"/>) is a hit, too.
    /// </summary>
    public bool IsHit => Outcome is CacheOutcome.Hit or CacheOutcome.Stale;

    /// <summary>Whether the response is older than its time to live.</summary>
    public bool IsStale => Outcome == CacheOutcome.Stale;

    /// <summary>
    /// Whether the cache knows that the source has nothing for this key. There is no body then, and you need not ask the source.
    /// </summary>
    public bool IsNegative { get; init; }

    /// <summary>
    /// Whether the caller already has this body (<see cref="IResponseCache.GetIfNoneMatchAsync"/>), so that it was not read from Redis. All
    /// other properties are set.
    /// </summary>
    public bool IsUnchanged => IsHit && !HasBody && !IsNegative;

    /// <summary>Whether the cache has sent a response from the source to Redis. The call does not wait until it is stored.</summary>
    public bool IsStored { get; init; }

    /// <summary>
    /// How long a hit had left to live when it was read. Zero for a stale hit. Null when the call did not ask for it, when it is not known,
    /// and when the entry never expires.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// How old a hit was when it was read. Null when the call did not ask for it, and when it is not known, as for a plain entry.
    /// </summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The coding of the body.</summary>
    /// <value>Default: <see cref="ContentEncoding.Identity"/>.</value>
    public ContentEncoding ContentEncoding
    {
        get => Description.ContentEncoding;
        init => Description = Description with { ContentEncoding = value };
    }

    /// <summary>The length of the body without its coding. 0 when it is not known.</summary>
    public int OriginalLength { get => Description.OriginalLength; init => Description = Description with { OriginalLength = value }; }

    /// <summary>The media type that the source gave; null when it gave none.</summary>
    public string? ContentType { get => Description.ContentType; init => Description = Description with { ContentType = value }; }

    /// <summary>The entity tag that the source gave, with its quotes; null when it gave none.</summary>
    public string? ETag { get => Description.ETag; init => Description = Description with { ETag = value }; }

    /// <summary>
    /// A strong entity tag made from the stored bytes: their XXH3-64 in hex, in quotes, as <c>DIGEST</c> of Redis 8.4 returns it.
    /// <see cref="IResponseCache.GetWithTimeToLiveAsync"/> sets it when the entry comes from Redis. Other reads may leave it null.
    /// </summary>
    public string? BodyETag { get => Description.BodyETag; init => Description = Description with { BodyETag = value }; }

    /// <summary>
    /// The annotation that the source gave (<see cref="SourceResponse.Annotation"/>), valid until <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlyMemory<byte> Annotation { get => Description.Annotation; init => Description = Description with { Annotation = value }; }

    /// <summary>The description of the body.</summary>
    [AllowNull]
    internal ResponseDescription Description { get => field ?? ResponseDescription.None; init; }

    private IDisposable? Owner { get; init; }

    /// <summary>The default bound of <see cref="Decode"/>. 0 when no cache has read this response.</summary>
    internal int DecodedLimit { get; init; }

    /// <summary>A body from a cache.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="owner">Disposed with the response; null when the bytes need no owner.</param>
    /// <param name="timeToLive">How long the entry has left to live, if known.</param>
    public static CachedResponse Hit(ReadOnlyMemory<byte> body, IDisposable? owner = null, TimeSpan? timeToLive = null) =>
        new(body, owner, CacheOutcome.Hit) { TimeToLive = timeToLive };

    /// <summary>A hit whose body the caller already has.</summary>
    internal static CachedResponse Unchanged(TimeSpan timeToLive) => new() { Outcome = CacheOutcome.Hit, TimeToLive = timeToLive };

    /// <summary>A body from the source.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="owner">Disposed with the response; null when the bytes need no owner.</param>
    public static CachedResponse Created(ReadOnlyMemory<byte> body, IDisposable? owner = null) => new(body, owner, CacheOutcome.Created);

    /// <summary>A negative response: the source has nothing for this key.</summary>
    /// <param name="outcome">Where it comes from.</param>
    public static CachedResponse Nothing(CacheOutcome outcome) => new() { Outcome = outcome, IsNegative = true };

    /// <summary>
    /// Returns the response without its coding. Use it when you cannot pass on the coded body. The result replaces this response, which is
    /// disposed if it was coded.
    /// </summary>
    /// <param name="maximumLength">
    /// The largest number of bytes to decode. Default: <see cref="RedisResilienceOptions.MaximumEntrySize"/> of the cache that read the
    /// entry; 67,108,864 bytes for a response that no cache has read.
    /// </param>
    /// <returns>The decoded response. This response when it is not coded. A miss when it is damaged or too large.</returns>
    public CachedResponse Decode(int? maximumLength = null)
    {
        if (!HasBody || ContentEncoding == ContentEncoding.Identity)
        {
            return this;
        }

        var bound = maximumLength ?? (DecodedLimit > 0 ? DecodedLimit : DefaultDecodedLimit);
        using (this)
        {
            return BodyCompression.TryInflate(Body, ContentEncoding, OriginalLength, bound) is { } decoded
                ? new CachedResponse(decoded.Memory, decoded, Outcome)
                {
                    IsStored = IsStored,
                    TimeToLive = TimeToLive,
                    Age = Age,
                    Description = new ResponseDescription { ContentType = ContentType, ETag = ETag, Annotation = Annotation.ToArray() },
                }
                : default;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => Owner?.Dispose();

    /// <summary>Makes copies for several callers. Each caller disposes its copy.</summary>
    internal CachedResponse[] Share(int count)
    {
        var all = new CachedResponse[count];
        Array.Fill(all, this);
        if (count > 1 && Owner is { } owner)
        {
            var shared = new SharedOwner(owner);
            for (var index = 0; index < count; index++)
            {
                all[index] = this with { Owner = shared.Hold() };
            }

            shared.Release();
        }

        return all;
    }
}
