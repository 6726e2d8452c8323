using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Reads an entry from Redis, and finds out once for all its readers whether it is one.</summary>
internal sealed class EntryFetch(IRedisGateway gateway)
{
    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix);

    /// <summary><c>GET</c>, or <c>GET</c> and <c>PTTL</c> in one round trip. Never throws.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Others wait for this read, who have no part in what went wrong: to them it is a read without an answer.")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool withTimeToLive)
    {
        try
        {
            // Both are on their way before either is awaited.
            var payload = gateway.GetAsync(_prefix, key, CancellationToken.None);
            var timeToLive = withTimeToLive ? gateway.GetTimeToLiveAsync(_prefix, key, CancellationToken.None) : default;
            var answer = await payload.ConfigureAwait(false);
            var left = withTimeToLive ? (await timeToLive.ConfigureAwait(false)).Value : null;
            return answer.IsAnswered
                ? new Answer<StoredEntry>(new StoredEntry(answer.Value, left, Check(answer.Value, key)))
                : new Answer<StoredEntry>(answer.Fault);
        }
        catch (Exception)
        {
            return new Answer<StoredEntry>(Fault.Other);
        }
    }

    private EntryKind Check(in Payload payload, string key)
    {
        var bytes = payload.Bytes.Span;
        if (EntryWriter.CanBePlain(bytes))
        {
            return EntryKind.Plain;
        }

        var kind = EntryReader.Read(bytes, EntryKey.Hash(gateway.KeyPrefix, key), out _);
        kind.Record();
        return kind;
    }
}
