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

    public ValueTask<bool> SetAsync(string key, ReadOnlyMemory<byte> body, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        if (body.Length > maximumEntrySize)
        {
            ResilienceMetrics.RecordWrite("too_large");
            return new ValueTask<bool>(false);
        }

        var answer = gateway.SetAsync(_prefix, key, body, timeToLive, cancellationToken);
        return answer.IsCompletedSuccessfully ? new ValueTask<bool>(IsStored(answer.Result)) : AwaitStoredAsync(answer);
    }

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        var answer = gateway.DeleteAsync(_prefix, key, cancellationToken);
        return answer.IsCompletedSuccessfully ? new ValueTask<bool>(answer.Result.IsAnswered) : AwaitRemovedAsync(answer);
    }

    public ValueTask<CachedResponse> GetOrCreateAsync<TState>(
        string key,
        TimeSpan timeToLive,
        TState state,
        Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source,
        CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        TimeToLiveRules.Validate(timeToLive);
        ArgumentNullException.ThrowIfNull(source);
        return GetOrCreateCoreAsync(key, timeToLive, state, source, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CachedResponse> GetOrCreateCoreAsync<TState>(
        string key, TimeSpan timeToLive, TState state, Func<TState, CancellationToken, ValueTask<ReadOnlyMemory<byte>?>> source, CancellationToken cancellationToken)
    {
        var cached = await GetAsync(key, cancellationToken).ConfigureAwait(false);
        if (cached.IsHit)
        {
            return cached;
        }

        if (await source(state, cancellationToken).ConfigureAwait(false) is not { } body)
        {
            return default;
        }

        // Not waited for, and not cancelled with the caller: the response is there, and the next caller profits.
        _ = StoreAsync(key, body, timeToLive);
        return CachedResponse.Created(body);
    }

    private async Task StoreAsync(string key, ReadOnlyMemory<byte> body, TimeSpan timeToLive) =>
        await SetAsync(key, body, timeToLive, CancellationToken.None).ConfigureAwait(false);

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
