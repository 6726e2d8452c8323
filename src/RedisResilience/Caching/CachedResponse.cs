using System.Diagnostics.CodeAnalysis;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;

namespace RedisResilience.Caching;

/// <summary>
/// What a cache answered: a body and where it came from, or a miss. Dispose it once after use: the body may live in a pooled buffer.
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

    /// <summary>What a read is given that nobody has answered.</summary>
    internal static CachedResponse Unavailable { get; } = new() { Outcome = CacheOutcome.Unavailable };

    /// <summary>What a read is given that found nothing fresh.</summary>
    internal static CachedResponse Expired { get; } = new() { Outcome = CacheOutcome.Expired };

    /// <summary>Whether there is a body, from the cache or from the source. An empty body is a body.</summary>
    public bool HasBody { get; }

    /// <summary>The bytes, valid until <see cref="Dispose"/>. Empty when there is no body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Where the response came from.</summary>
    public CacheOutcome Outcome { get; init; }

    /// <summary>
    /// Whether it came from the cache, fresh or stale; a hit may also be the knowledge that there is nothing (<see cref="IsNegative"/>).
    /// </summary>
    public bool IsHit => Outcome is CacheOutcome.Hit or CacheOutcome.Stale;

    /// <summary>Whether it is older than its time to live.</summary>
    public bool IsStale => Outcome == CacheOutcome.Stale;

    /// <summary>Whether it is known that the source has no such thing: there is no body, and no need to ask again.</summary>
    public bool IsNegative { get; init; }

    /// <summary>
    /// Whether the entry is one that the caller said to hold (<see cref="IResponseCache.GetIfNoneMatchAsync"/>), and its body was left in
    /// Redis: all is known of it but the body.
    /// </summary>
    public bool IsUnchanged => IsHit && !HasBody && !IsNegative;

    /// <summary>Whether a response from the source has been sent to be stored. What became of it is not waited for.</summary>
    public bool IsStored { get; init; }

    /// <summary>
    /// How long a hit had left to live when it was read; for a stale one zero. Null when it was not asked for, is not known, or has no end.
    /// </summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>How old a hit was when it was read. Null when it was not asked for or is not known: a plain entry does not tell.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>How the body is coded.</summary>
    /// <value>Default: <see cref="ContentEncoding.Identity"/>.</value>
    public ContentEncoding ContentEncoding
    {
        get => Description.ContentEncoding;
        init => Description = Description with { ContentEncoding = value };
    }

    /// <summary>How long the body is without its coding; 0 when that is not known.</summary>
    public int OriginalLength { get => Description.OriginalLength; init => Description = Description with { OriginalLength = value }; }

    /// <summary>The media type that the source gave; null when it gave none.</summary>
    public string? ContentType { get => Description.ContentType; init => Description = Description with { ContentType = value }; }

    /// <summary>The entity tag that the source gave, with its quotes; null when it gave none.</summary>
    public string? ETag { get => Description.ETag; init => Description = Description with { ETag = value }; }

    /// <summary>
    /// A strong entity tag made from the bytes as they are stored: their XXH3-64 in hex, in quotes, as Redis 8.4's <c>DIGEST</c> has it.
    /// Null when it was not looked for: a read with the time to live (<see cref="IResponseCache.GetWithTimeToLiveAsync"/>) of an entry in
    /// Redis has it.
    /// </summary>
    public string? BodyETag { get => Description.BodyETag; init => Description = Description with { BodyETag = value }; }

    /// <summary>
    /// What the source wanted to find beside the body (<see cref="SourceResponse.Annotation"/>), valid until <see cref="Dispose"/>.
    /// </summary>
    public ReadOnlyMemory<byte> Annotation { get => Description.Annotation; init => Description = Description with { Annotation = value }; }

    /// <summary>What is known of the body beside itself.</summary>
    [AllowNull]
    internal ResponseDescription Description { get => field ?? ResponseDescription.None; init; }

    private IDisposable? Owner { get; init; }

    /// <summary>How much <see cref="Decode"/> decodes if it is not told; 0 when no cache has read this.</summary>
    internal int DecodedLimit { get; init; }

    /// <summary>A body from a cache.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="owner">Disposed with the response; null when the bytes need no owner.</param>
    /// <param name="timeToLive">How long the entry has left to live, if known.</param>
    public static CachedResponse Hit(ReadOnlyMemory<byte> body, IDisposable? owner = null, TimeSpan? timeToLive = null) =>
        new(body, owner, CacheOutcome.Hit) { TimeToLive = timeToLive };

    /// <summary>A hit whose body the caller holds already.</summary>
    internal static CachedResponse Unchanged(TimeSpan timeToLive) => new() { Outcome = CacheOutcome.Hit, TimeToLive = timeToLive };

    /// <summary>A body from the source.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="owner">Disposed with the response; null when the bytes need no owner.</param>
    public static CachedResponse Created(ReadOnlyMemory<byte> body, IDisposable? owner = null) => new(body, owner, CacheOutcome.Created);

    /// <summary>The knowledge that the source has no such thing.</summary>
    /// <param name="outcome">Where it comes from.</param>
    public static CachedResponse Nothing(CacheOutcome outcome) => new() { Outcome = outcome, IsNegative = true };

    /// <summary>
    /// The response without its coding, for whoever cannot pass it on as it is. Takes the place of this one, which is disposed if it was
    /// coded.
    /// </summary>
    /// <param name="maximumLength">
    /// No more is decoded, however much the bytes promise. Default: <see cref="RedisResilienceOptions.MaximumEntrySize"/> of the cache that
    /// read the entry; 67,108,864 bytes for a response that no cache has read.
    /// </param>
    /// <returns>The decoded response; this one when it is not coded; a miss when it is damaged or too large.</returns>
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

    /// <summary>The same for several, each of whom disposes it.</summary>
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
