using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Reads an entry from Redis, and finds out once for all its readers whether it is one.</summary>
internal sealed class EntryFetch(IRedisGateway gateway, LocalEntries? local)
{
    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix);

    /// <summary><c>GET</c>, or <c>GET</c> and <c>PTTL</c> in one round trip. Never throws.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Others wait for this read, who have no part in what went wrong: to them it is a read without an answer.")]
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool withTimeToLive)
    {
        try
        {
            var isKept = local is not null && local.Keeps(key);
            var ticket = isKept ? local!.BeginRead(key) : default;

            // Both are on their way before either is awaited.
            var payload = gateway.GetAsync(_prefix, key, CancellationToken.None);
            var timeToLive = withTimeToLive || isKept ? gateway.GetTimeToLiveAsync(_prefix, key, CancellationToken.None) : default;
            var answer = await payload.ConfigureAwait(false);
            var left = await timeToLive.ConfigureAwait(false);
            if (!answer.IsAnswered)
            {
                return new Answer<StoredEntry>(answer.Fault);
            }

            var kind = Check(answer.Value, key);
            var entry = new StoredEntry(answer.Value, left.Value, kind, Describe(answer.Value, kind));
            if (isKept && entry is { Payload.Exists: true, Kind: EntryKind.Plain or EntryKind.WithMetadata } && left.IsAnswered)
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

    private static ResponseDescription? Describe(in Payload payload, EntryKind kind) =>
        kind == EntryKind.WithMetadata ? ResponseDescription.Of(new EntryHeader(payload.Bytes.Span), payload.Bytes) : null;

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
