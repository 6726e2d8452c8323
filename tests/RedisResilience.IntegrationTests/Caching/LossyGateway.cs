using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>The way of one process to a real server, on which one message in twenty is lost: as a command, which is then never run, or as
/// its reply.</summary>
/// <param name="inner">The way itself.</param>
/// <param name="isFenced">False: a fill is stored whether or not its lease stands. Shows what the lease is for.</param>
internal sealed class LossyGateway(IRedisGateway inner, bool isFenced) : IRedisGateway
{
    private const double LossRate = 0.025;

    public string KeyPrefix => inner.KeyPrefix;

    public IRedisGateway Since(long startedAt) => new LossyGateway(inner.Since(startedAt), isFenced);

    public ValueTask<Answer<Payload>> GetAsync(RedisKeyPrefix prefix, string key, int length, CancellationToken cancellationToken) =>
        SendAsync(() => inner.GetAsync(prefix, key, length, cancellationToken), payload => payload.Owner?.Dispose());

    public ValueTask<Answer<TimeSpan?>> GetTimeToLiveAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        SendAsync(() => inner.GetTimeToLiveAsync(prefix, key, cancellationToken));

    public ValueTask<Answer<bool>> SetAsync(
        RedisKeyPrefix prefix, string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        SendAsync(() => inner.SetAsync(prefix, key, value, timeToLive, cancellationToken));

    public ValueTask<Answer<bool>> DeleteAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken) =>
        SendAsync(() => inner.DeleteAsync(prefix, key, cancellationToken));

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments, CancellationToken cancellationToken) =>
        SendAsync(() => inner.EvaluateAsync(script, prefix, key, arguments, cancellationToken));

    public ValueTask<Answer<bool>> DeleteBothAsync(string key, string sideKey, CancellationToken cancellationToken) =>
        SendAsync(() => inner.DeleteBothAsync(key, sideKey, cancellationToken));

    public ValueTask<Answer<bool>> ExpireAsync(
        RedisKeyPrefix prefix, string key, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        SendAsync(() => inner.ExpireAsync(prefix, key, timeToLive, cancellationToken));

    public ValueTask<Answer<ContentReply>> EvaluateAsync(
        RedisScript script, string key, string sideKey, ContentArguments arguments, CancellationToken cancellationToken) =>
        SendAsync(() => isFenced || script != RedisEntryStore.FillScript
            ? inner.EvaluateAsync(script, key, sideKey, arguments, cancellationToken)
            : StoreAsync(key, arguments, cancellationToken));

    private async ValueTask<Answer<ContentReply>> StoreAsync(string key, ContentArguments arguments, CancellationToken cancellationToken)
    {
        var stored = await inner.SetAsync(default, key, arguments.Content, TimeSpan.FromMilliseconds(arguments.Second), cancellationToken);
        return stored.IsAnswered ? new Answer<ContentReply>(new ContentReply(1, 0, 0, 0)) : new Answer<ContentReply>(stored.Fault);
    }

    private static async ValueTask<Answer<T>> SendAsync<T>(Func<ValueTask<Answer<T>>> command, Action<T>? discard = null)
    {
        if (Random.Shared.NextDouble() < LossRate)
        {
            return new Answer<T>(Fault.DeadlineExceeded);
        }

        var answer = await command();
        if (Random.Shared.NextDouble() >= LossRate)
        {
            return answer;
        }

        discard?.Invoke(answer.Value);
        return new Answer<T>(Fault.DeadlineExceeded);
    }
}
