using System.Runtime.CompilerServices;
using RedisResilience.Caching.Bulk;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;
using RedisResilience.Pooling;

namespace RedisResilience.Caching.Stores;

/// <summary>The cache over any store. When the store cannot answer, a read is a miss.</summary>
internal sealed class ResponseCache(ResponseCacheParts parts) : IResponseCache, IBatchingCache, ISlidingCache
{
    private readonly CachedReads _reads = new(parts);
    private readonly CachedWrites _writes = new(parts);

    public SourceGate Gate => parts.Gate;

    public TimeProvider TimeProvider => parts.TimeProvider;

    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        if (TryServe(key, cancellationToken, out var kept))
        {
            return new ValueTask<CachedResponse>(kept);
        }

        KeyRules.Validate(key);
        return _reads.GetAsync(NewRead(key, cancellationToken));
    }

    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default)
    {
        if (TryServe(key, cancellationToken, out var kept))
        {
            return new ValueTask<CachedResponse>(kept);
        }

        KeyRules.Validate(key);
        return _reads.GetAsync(NewRead(key, cancellationToken) with { Parts = EntryParts.Body | EntryParts.TimeToLive });
    }

    public ValueTask<CachedResponse> GetIfNoneMatchAsync(string key, string entityTags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entityTags);
        if (TryServe(key, cancellationToken, out var kept))
        {
            return new ValueTask<CachedResponse>(kept);
        }

        KeyRules.Validate(key);
        return _reads.GetIfNoneMatchAsync(
            NewRead(key, cancellationToken) with { Parts = EntryParts.Body | EntryParts.TimeToLive, HeldTags = entityTags });
    }

    public ValueTask<CachedResponse> GetStaleAsync(string key, CancellationToken cancellationToken = default)
    {
        if (TryServe(key, cancellationToken, out var kept))
        {
            return new ValueTask<CachedResponse>(kept);
        }

        KeyRules.Validate(key);
        return _reads.GetStaleAsync(NewRead(key, cancellationToken) with { Parts = EntryParts.Body | EntryParts.TimeToLive });
    }

    public ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken = default)
    {
        KeyRules.ValidateAll(keys);
        return _reads.GetManyAsync(keys, cancellationToken);
    }

    public ValueTask<bool> SetAsync(
        string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(options);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : _writes.SetAsync(key, response, options, cancellationToken);
    }

    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : _writes.ExtendAsync(key, seen: null, timeToLive, cancellationToken);
    }

    public ValueTask<bool> ExtendAsync(string key, SeenPart seen, TimeSpan timeToLive) =>
        _writes.ExtendAsync(key, seen, timeToLive, CancellationToken.None);

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        return RemoveAsync(Removal.OfKey(key), cancellationToken);
    }

    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(tag);
        return RemoveAsync(Removal.OfTag(tag), cancellationToken);
    }

    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default)
    {
        NamespaceRules.Validate(name);
        return RemoveAsync(Removal.OfNamespace(name), cancellationToken);
    }

    public ValueTask<bool> ClearAsync(CancellationToken cancellationToken = default) => RemoveAsync(Removal.OfAll, cancellationToken);

    public ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        CacheEntryOptions options,
        TState state,
        Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        if (TryServe(key, cancellationToken, out var kept))
        {
            return new ValueTask<CachedResponse>(kept);
        }

        return GetOrCreateCoreAsync(key, options, state, source, cancellationToken);
    }

    public async ValueTask<CachedResponse> GetOrCreateAsync(string key, SourceCall call, CancellationToken cancellationToken)
    {
        if (TryServe(key, cancellationToken, out var kept))
        {
            return kept;
        }

        call.LoadsBefore = parts.Filler.Number;
        var found = await _reads.FindAsync(call.Read(key, cancellationToken), call.Options).ConfigureAwait(false);
        return await new GetOrCreateOperation(parts, _reads, call).RunAsync(key, found, cancellationToken).ConfigureAwait(false);
    }

    // The happiest path: a key that is kept has been checked when it was read, and there is nothing that was to be removed and is not.
    private bool TryServe(string key, CancellationToken cancellationToken, out CachedResponse kept)
    {
        if (parts.Local is { } local
            && parts.Pending.IsEmpty
            && key is not null
            && !cancellationToken.IsCancellationRequested
            && local.TryServe(key, out kept))
        {
            ReadTelemetry.Record("hit", key);
            return true;
        }

        kept = default;
        return false;
    }

    // The happy path: what is there and fresh is served. All else is for those who have more time.
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private async ValueTask<CachedResponse> GetOrCreateCoreAsync<TState>(
        string key, CacheEntryOptions options, TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source,
        CancellationToken cancellationToken)
    {
        var number = parts.Filler.Number;
        var read = NewRead(key, cancellationToken) with { Parts = options.Parts };
        var found = await _reads.FindAsync(read, options).ConfigureAwait(false);
        if (found.State == EntryState.Fresh)
        {
            ReadTelemetry.Record("hit", key);
            return found.Response;
        }

        var call = new SourceCallOf<TState>(options, read.StartedAt, state, source) { LoadsBefore = number };
        return await new GetOrCreateOperation(parts, _reads, call).RunAsync(key, found, cancellationToken).ConfigureAwait(false);
    }

    private EntryRead NewRead(string key, CancellationToken cancellationToken) =>
        new(key, parts.TimeProvider.GetTimestamp(), cancellationToken);

    private ValueTask<bool> RemoveAsync(Removal removal, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested
        ? ValueTask.FromCanceled<bool>(cancellationToken)
        : _writes.RemoveAsync(removal, cancellationToken);
}
