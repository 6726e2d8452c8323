using System.Runtime.CompilerServices;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;

namespace RedisResilience.Caching;

/// <summary>Bodies in Redis as they are. Whatever Redis cannot answer is a miss.</summary>
internal sealed class RedisResponseCache(IRedisGateway gateway, int maximumEntrySize) : IResponseCache
{
    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix);

    public ValueTask<CachedResponse> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        var payload = gateway.GetAsync(_prefix, key, cancellationToken);
        return payload.IsCompletedSuccessfully ? new ValueTask<CachedResponse>(Read(payload.Result)) : AwaitAsync(payload);
    }

    public ValueTask<CachedResponse> GetWithTimeToLiveAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);

        // Both are on their way before either is awaited: one round trip.
        var payload = gateway.GetAsync(_prefix, key, cancellationToken);
        var timeToLive = gateway.GetTimeToLiveAsync(_prefix, key, cancellationToken);
        return payload.IsCompletedSuccessfully && timeToLive.IsCompletedSuccessfully
            ? new ValueTask<CachedResponse>(Read(payload.Result, timeToLive.Result.Value))
            : AwaitAsync(payload, timeToLive);
    }

    public async ValueTask<IReadOnlyList<CachedResponse>> GetManyAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken = default)
    {
        KeyRules.ValidateAll(keys);
        var reads = keys.Select(key => GetAsync(key, cancellationToken).AsTask()).ToArray();
        return await Task.WhenAll(reads).ConfigureAwait(false);
    }

    public ValueTask<bool> SetAsync(string key, SourceResponse response, CacheEntryOptions options, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentNullException.ThrowIfNull(options);
        if (response.Body.Length > maximumEntrySize)
        {
            ResilienceMetrics.RecordWrite("too_large");
            return new ValueTask<bool>(false);
        }

        var answer = gateway.SetAsync(_prefix, key, response.Body, response.TimeToLive ?? options.TimeToLive, cancellationToken);
        return answer.IsCompletedSuccessfully ? new ValueTask<bool>(IsStored(answer.Result)) : AwaitStoredAsync(answer);
    }

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        var answer = gateway.DeleteAsync(_prefix, key, cancellationToken);
        return answer.IsCompletedSuccessfully ? new ValueTask<bool>(answer.Result.IsAnswered) : AwaitRemovedAsync(answer);
    }

    public ValueTask<bool> ExtendAsync(string key, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(false);
    }

    public ValueTask<bool> RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(tag);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(false);
    }

    public ValueTask<bool> RemoveNamespaceAsync(string name, CancellationToken cancellationToken = default)
    {
        NamespaceRules.Validate(name);
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : new ValueTask<bool>(false);
    }

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
        return GetOrCreateCoreAsync(key, options, state, source, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CachedResponse> GetOrCreateCoreAsync<TState>(
        string key, CacheEntryOptions options, TState state, Func<TState, CancellationToken, ValueTask<SourceResponse>> source, CancellationToken cancellationToken)
    {
        var cached = await GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (cached.IsHit)
        {
            return cached;
        }

        var response = await source(state, cancellationToken).ConfigureAwait(false);
        if (response.HasBody)
        {
            // Not waited for, and not cancelled with the caller: the response is there, and the next caller profits.
            _ = StoreAsync(key, new SourceResponse(response.Body) { TimeToLive = response.TimeToLive }, options);
        }

        return response.ToCreated();
    }

    private async Task StoreAsync(string key, SourceResponse response, CacheEntryOptions options) =>
        await SetAsync(key, response, options, CancellationToken.None).ConfigureAwait(false);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<CachedResponse> AwaitAsync(ValueTask<Answer<Payload>> payload) => Read(await payload.ConfigureAwait(false));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<CachedResponse> AwaitAsync(ValueTask<Answer<Payload>> payload, ValueTask<Answer<TimeSpan?>> timeToLive)
    {
        var body = await payload.ConfigureAwait(false);
        try
        {
            return Read(body, (await timeToLive.ConfigureAwait(false)).Value);
        }
        catch (OperationCanceledException)
        {
            body.Value.Owner?.Dispose();
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> AwaitStoredAsync(ValueTask<Answer<bool>> answer) => IsStored(await answer.ConfigureAwait(false));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> AwaitRemovedAsync(ValueTask<Answer<bool>> answer) => (await answer.ConfigureAwait(false)).IsAnswered;

    private static CachedResponse Read(Answer<Payload> answer, TimeSpan? timeToLive = null)
    {
        if (answer is { IsAnswered: true, Value.Exists: true })
        {
            ResilienceMetrics.RecordRead("hit");
            return CachedResponse.Hit(answer.Value.Bytes, answer.Value.Owner, timeToLive);
        }

        ResilienceMetrics.RecordRead(answer.IsAnswered ? "miss" : "unanswered");
        return default;
    }

    private static bool IsStored(Answer<bool> answer)
    {
        ResilienceMetrics.RecordWrite(answer.IsAnswered ? "stored" : "unanswered");
        return answer is { IsAnswered: true, Value: true };
    }
}
