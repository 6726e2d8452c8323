namespace RedisResilience.Mongo.Reading;

/// <summary>Documents through the cache: one, or many at once.</summary>
internal sealed class DocumentCache(IResponseCache cache, DocumentSource source, DocumentKeys keys, CacheEntryOptions entry)
{
    public ValueTask<CachedResponse> GetAsync(string id, CancellationToken cancellationToken) =>
        cache.GetOrCreateAsync(
            keys.KeyOf(id), entry, (source, id), static (state, token) => state.source.LoadAsync(state.id, token), cancellationToken);

    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        cache.GetOrCreateManyAsync([.. ids.Select(keys.KeyOf)], entry, this, static (
            documents, missing, token) => documents.LoadManyAsync(missing, token), cancellationToken);

    public ValueTask<bool> RemoveAsync(string id) => cache.RemoveAsync(keys.KeyOf(id), CancellationToken.None);

    private async ValueTask<IReadOnlyDictionary<string, SourceResponse>> LoadManyAsync(
        IReadOnlyList<string> missing, CancellationToken cancellationToken)
    {
        var found = await source.LoadManyAsync([.. missing.Select(keys.IdOf)], cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(document => keys.KeyOf(document.Key), document => document.Value, StringComparer.Ordinal);
    }
}
