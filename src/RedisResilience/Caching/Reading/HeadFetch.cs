using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Checks, without reading the body, whether the entry in Redis is still the one that was read last.</summary>
internal sealed class HeadFetch(KnownEntries entries, string keyPrefix, TimeProvider timeProvider)
{
    private readonly RedisKeyPrefix _prefix = new(keyPrefix);

    /// <summary><c>GETRANGE</c>, and <c>PTTL</c> in the same round trip where that was not asked just now.</summary>
    /// <returns>The entry without its body, or no answer. Null when the entry has changed, or should be read as a whole.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<StoredEntry>?> TryReadAsync(IRedisGateway redis, string key)
    {
        if (entries.Find(key) is not { HeadLength: > 0 } known)
        {
            return null;
        }

        var now = timeProvider.GetTimestamp();
        var asks = !known.TryGetLeft(now, timeProvider, out var left);

        // Both are on their way before either is awaited.
        var reading = redis.GetAsync(_prefix, key, known.HeadLength, CancellationToken.None);
        var timeToLive = asks ? redis.GetTimeToLiveAsync(_prefix, key, CancellationToken.None) : default;
        var answer = await reading.ConfigureAwait(false);
        var asked = await timeToLive.ConfigureAwait(false);
        if (!answer.IsAnswered)
        {
            return answer.Fault.IsRefusal() ? null : new Answer<StoredEntry>(answer.Fault);
        }

        // What is told of it is known already, and the bytes are needed here alone.
        using var owner = answer.Value.Owner;
        var bytes = answer.Value.Bytes;
        if (bytes.Length != known.HeadLength
            || EntryReader.ReadHeader(bytes.Span, EntryKey.Hash(keyPrefix, key), out _) != EntryKind.WithMetadata
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[EntryFormat.HeaderHashAt..]) != known.Fingerprint)
        {
            entries.Forget(key);
            return null;
        }

        if (asks)
        {
            left = asked.Value;
            entries.Keep(known with { Left = left, AskedAt = asked.IsAnswered ? now : null });
        }

        var head = new Payload(Exists: true, bytes.ToArray(), Owner: null);
        return new Answer<StoredEntry>(new StoredEntry(head, left, EntryKind.WithMetadata, known.Description, IsHead: true));
    }
}
