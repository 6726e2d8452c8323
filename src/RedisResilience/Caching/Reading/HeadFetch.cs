using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Finds out whether the entry in Redis is still the one that was read last, without its body.</summary>
internal sealed class HeadFetch(KnownEntries entries, string keyPrefix, TimeProvider timeProvider)
{
    private readonly RedisKeyPrefix _prefix = new(keyPrefix);
    private volatile bool _isRefused;

    /// <summary><c>GETRANGE</c>, and <c>PTTL</c> in the same round trip where that was not asked just now.</summary>
    /// <returns>The entry without its body; no answer; or null when the entry is another, or is better read as a whole.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<StoredEntry>?> TryReadAsync(IRedisGateway redis, string key)
    {
        if (_isRefused || entries.Find(key) is not { HeadLength: > 0 } known)
        {
            return null;
        }

        var now = timeProvider.GetTimestamp();
        var asks = !known.TryGetLeft(now, timeProvider, out var left);

        // Both are on their way before either is awaited.
        var head = redis.GetHeadAsync(_prefix, key, known.HeadLength, CancellationToken.None);
        var timeToLive = asks ? redis.GetTimeToLiveAsync(_prefix, key, CancellationToken.None) : default;
        var answer = await head.ConfigureAwait(false);
        var asked = await timeToLive.ConfigureAwait(false);
        if (!answer.IsAnswered)
        {
            // A user who may run GET need not be one who may run GETRANGE.
            _isRefused |= answer.Fault is Fault.NotPermitted or Fault.UnknownCommand;
            return answer.Fault.IsRefusal() ? null : new Answer<StoredEntry>(answer.Fault);
        }

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

        return new Answer<StoredEntry>(new StoredEntry(answer.Value, left, EntryKind.WithMetadata, known.Description, IsHead: true));
    }
}
