using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Gateway;
using RedisResilience.Pooling;

namespace RedisResilience.Caching.Reading;

/// <summary>Reads an entry from Redis, and finds out once for all its readers what it is.</summary>
internal sealed class EntryFetch(IRedisGateway gateway, LocalEntries? local, TimeProvider timeProvider)
{
    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix);
    private readonly EntryInspector _inspector = new(gateway.KeyPrefix);

    /// <summary>What is known of a key's life is not good any more.</summary>
    public void Forget(string key) => _inspector.Forget(key);

    /// <summary><c>GET</c>, and <c>PTTL</c> in the same round trip where that is wanted and was not asked just now. Never throws.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="withTimeToLive">Whether to find out how long it has left to live.</param>
    /// <param name="since">When its callers began to wait, so that they wait no longer than a deadline in all; null for just now.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Others wait for this read, who have no part in what went wrong: to them it is a read without an answer.")]
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool withTimeToLive, long? since = null)
    {
        try
        {
            var isKept = local is not null && local.Keeps(key);
            var ticket = isKept ? local!.BeginRead(key) : default;
            var now = timeProvider.GetTimestamp();
            var before = withTimeToLive ? _inspector.Known(key) : null;
            TimeSpan? left = null;

            // A copy must not outlive its entry: whether it is kept is not decided by what was true a moment ago.
            var asks = isKept || (withTimeToLive && before?.Life.TryGet(now, timeProvider, out left) is not true);

            // Both are on their way before either is awaited.
            var redis = since is { } startedAt ? gateway.Since(startedAt) : gateway;
            var payload = redis.GetAsync(_prefix, key, CancellationToken.None);
            var timeToLive = asks ? redis.GetTimeToLiveAsync(_prefix, key, CancellationToken.None) : default;
            var answer = await payload.ConfigureAwait(false);
            var asked = await timeToLive.ConfigureAwait(false);
            if (!answer.IsAnswered)
            {
                return new Answer<StoredEntry>(answer.Fault);
            }

            var known = _inspector.Inspect(key, answer.Value, isPlainDescribed: withTimeToLive || isKept, out var kind);
            if (asks)
            {
                left = asked.Value;
                Remember(known, new KnownLife(asked.IsAnswered, left, now));
            }
            else if (withTimeToLive && answer.Value.Exists && known?.Fingerprint != before?.Fingerprint)
            {
                // Another entry since then, and another life.
                answer.Value.Owner?.Dispose();
                _inspector.Forget(key);
                return await ReadAsync(key, withTimeToLive, since ?? now).ConfigureAwait(false);
            }

            var entry = new StoredEntry(answer.Value, left, kind, known?.Description);
            if (isKept && entry is { Payload.Exists: true, Kind: EntryKind.Plain or EntryKind.WithMetadata } && asked.IsAnswered)
            {
                local!.Keep(key, ticket, entry);
            }

            return new Answer<StoredEntry>(entry);
        }
        catch (Exception)
        {
            return new Answer<StoredEntry>(Fault.Other);
        }
    }

    private void Remember(KnownEntry? known, in KnownLife life)
    {
        if (known is not null)
        {
            _inspector.Keep(known, life);
        }
    }
}
