using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

internal static class EntryReadsExtensions
{
    public static ValueTask<Answer<StoredEntry>> ReadAsync(
        this IEntryReads reads, string key, bool withTimeToLive, CancellationToken cancellationToken) =>
        reads.ReadAsync(new EntryRead(key, StartedAt: 0, cancellationToken)
        {
            Parts = withTimeToLive ? EntryParts.Body | EntryParts.TimeToLive : EntryParts.Body,
        });
}
