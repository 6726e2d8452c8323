using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Reads an entry from Redis, and decodes it once for all its readers.</summary>
internal sealed class EntryFetch
{
    private readonly IRedisGateway _gateway;
    private readonly LocalEntries? _local;
    private readonly TimeProvider _timeProvider;
    private readonly RedisKeyPrefix _prefix;
    private readonly KnownEntries _known;
    private readonly HeadFetch _heads;
    private readonly OrdinaryKeys _ordinary;
    private readonly int _readLength;

    public EntryFetch(IRedisGateway gateway, LocalEntries? local, int maximumEntrySize, TimeProvider timeProvider)
    {
        _gateway = gateway;
        _local = local;
        _timeProvider = timeProvider;
        _prefix = new RedisKeyPrefix(gateway.KeyPrefix);
        _known = new KnownEntries(gateway.KeyPrefix, maximumEntrySize);
        _ordinary = new OrdinaryKeys(timeProvider);
        _readLength = maximumEntrySize + 1;
        _heads = new HeadFetch(_known, gateway.KeyPrefix, timeProvider);
    }

    /// <summary>
    /// Whether the client already has the entry as it was read last, by these tags, and its body is large enough to be left out.
    /// </summary>
    public bool IsHeld(string key, string tags) =>
        _known.Find(key) is { HeadLength: > 0 } known && HeldTags.Name(tags, known.Description);

    /// <summary>Forgets what is known of a key's time to live.</summary>
    public void Forget(string key) => _known.Forget(key);

    /// <summary>
    /// Sends <c>GETRANGE</c> or <c>GET</c>, and in the same round trip <c>PTTL</c> if it is needed and was not asked just now. It never
    /// throws.
    /// </summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Others wait for this read, who have no "
        + "part in what went wrong: to them it is a read without an answer.")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<StoredEntry>> ReadAsync(EntryRead read)
    {
        try
        {
            var key = read.Key;
            var isKept = _local is not null && _local.Keeps(key);
            var ticket = isKept ? _local!.BeginRead(key, read.Start) : default;
            var withTimeToLive = read.Parts.HasFlag(EntryParts.TimeToLive);
            var now = _timeProvider.GetTimestamp();
            if (!isKept && !read.Parts.HasFlag(EntryParts.Body))
            {
                if (await _heads.TryReadAsync(GatewayFor(read), key).ConfigureAwait(false) is { } head)
                {
                    return head;
                }

                read = Again(read, now);
                now = _timeProvider.GetTimestamp();
            }

            var before = withTimeToLive ? _known.Find(key) : null;
            TimeSpan? left = null;

            // A copy must not outlive its entry: whether it is kept is not decided by what was true a moment ago.
            var asks = isKept || (withTimeToLive && before?.TryGetLeft(now, _timeProvider, out left) is not true);

            // Both are on their way before either is awaited. One byte more than an entry may have shows that there is more.
            var redis = GatewayFor(read);
            var isOrdinary = _ordinary.Contains(key, now);
            var reading = redis.GetAsync(_prefix, key, isOrdinary ? IRedisGateway.All : _readLength, CancellationToken.None);
            var timeToLive = asks ? redis.GetTimeToLiveAsync(_prefix, key, CancellationToken.None) : default;
            var answer = await reading.ConfigureAwait(false);
            var asked = await timeToLive.ConfigureAwait(false);
            if (!answer.IsAnswered)
            {
                _ordinary.Remove(key);

                // Another type of value is no entry, and is written over by the next fill.
                return answer.Fault == Fault.WrongType ? default : new Answer<StoredEntry>(answer.Fault);
            }

            var length = answer.Value.Bytes.Length;
            if (isOrdinary != (length > 0 && length < _readLength))
            {
                Note(key, now, !isOrdinary);
            }

            var known = _known.Inspect(key, answer.Value, isPlainDescribed: withTimeToLive || isKept, out var kind);
            if (asks)
            {
                left = asked.Value;
                if (known is not null)
                {
                    _known.Keep(known with { Left = left, AskedAt = asked.IsAnswered ? now : null });
                }
            }
            else if (withTimeToLive && answer.Value.Exists && known?.Fingerprint != before?.Fingerprint)
            {
                // Another entry since then, and another life.
                answer.Value.Owner?.Dispose();
                _known.Forget(key);
                return await ReadAsync(Again(read, now)).ConfigureAwait(false);
            }

            var entry = new StoredEntry(answer.Value, left, kind, known?.Description);
            if (isKept && entry is { Payload.Exists: true, Kind: EntryKind.Plain or EntryKind.WithMetadata } && asked.IsAnswered)
            {
                _local!.Keep(key, ticket, entry);
            }

            return new Answer<StoredEntry>(entry);
        }
        catch (Exception)
        {
            return new Answer<StoredEntry>(Fault.Other);
        }
    }

    private void Note(string key, long now, bool isOrdinary)
    {
        if (isOrdinary)
        {
            _ordinary.Add(key, now);
        }
        else
        {
            _ordinary.Remove(key);
        }
    }

    private IRedisGateway GatewayFor(in EntryRead read) => read.Since is { } start ? _gateway.Since(start) : _gateway;

    // What is asked for the second time has the rest of the first time's deadline.
    private static EntryRead Again(in EntryRead read, long startedAt) =>
        read.IsFollowUp ? read : read with { IsFollowUp = true, StartedAt = startedAt };
}
