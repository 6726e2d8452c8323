using RedisResilience.Caching;

namespace RedisResilience.Mongo.Reading;

/// <summary>Documents through the cache: one, or many at once.</summary>
internal sealed class DocumentCache(IResponseCache cache, DocumentSource source, DocumentKeys keys, CacheEntryOptions entry, TimeProvider time)
{
    public ValueTask<CachedResponse> GetAsync(string id, CancellationToken cancellationToken) =>
        cache.GetOrCreateAsync(keys.KeyOf(id), entry, (source, id), static (state, token) => state.source.LoadAsync(state.id, token), cancellationToken);

    public async ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        string[] entries = [.. ids.Select(keys.KeyOf)];
        CachedResponse[] responses = [.. await cache.GetManyAsync(entries, cancellationToken).ConfigureAwait(false)];
        int[] misses = [.. Enumerable.Range(0, responses.Length).Where(index => responses[index] is { HasBody: false, IsNegative: false })];
        if (misses.Length == 0)
        {
            return responses;
        }

        var batch = new DocumentBatch(source, time, misses.Select(index => ids[index]).Distinct(StringComparer.Ordinal).Count(), cancellationToken);
        try
        {
            await Task.WhenAll(misses.Select(async index =>
                responses[index] = await FillAsync(entries[index], ids[index], batch, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
            return responses;
        }
        catch
        {
            foreach (var response in responses)
            {
                response.Dispose();
            }

            throw;
        }
    }

    public ValueTask<bool> RemoveAsync(string id) => cache.RemoveAsync(keys.KeyOf(id), CancellationToken.None);

    private async ValueTask<CachedResponse> FillAsync(string key, string id, DocumentBatch batch, CancellationToken cancellationToken)
    {
        var member = new BatchMember(batch, id);
        try
        {
            return await cache.GetOrCreateAsync(key, entry, member, static (member, _) => member.LoadAsync(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            member.Leave();
        }
    }
}
