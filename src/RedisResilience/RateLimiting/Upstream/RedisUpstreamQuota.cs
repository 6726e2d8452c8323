using RedisResilience.Gateway;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.RateLimiting.Upstream;

/// <summary>
/// Stores what an API has said as one number for each key in Redis, which expires when the statement ends. It also keeps what this process
/// knows, for times when Redis is away.
/// </summary>
internal sealed class RedisUpstreamQuota(IRedisGateway gateway, TimeProvider timeProvider) : IUpstreamQuota
{
    private static readonly RedisScript TakeScript = RedisScript.Load<RedisUpstreamQuota>("UpstreamTake");
    private static readonly RedisScript AnnounceScript = RedisScript.Load<RedisUpstreamQuota>("UpstreamAnnounce");
    private static readonly ScriptConstants Longest = new((long)InMemoryUpstreamQuota.Longest.TotalMilliseconds);

    private readonly RedisKeyPrefix _prefix = new($"{gateway.KeyPrefix}{OwnKeys.Word}upstream:");
    private readonly InMemoryUpstreamQuota _own = new(timeProvider);

    public TimeSpan KnownWait(string key) => _own.KnownWait(key);

    public TimeSpan? TakeKnown(string key, int permits) => _own.TakeKnown(key, permits);

    public async ValueTask<TimeSpan?> TakeAsync(string key, int permits = 1, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(permits);
        if (_own.TakeKnown(key, permits) is { } closed)
        {
            return closed;
        }

        var answer = await gateway.EvaluateAsync(
            TakeScript, _prefix, key, new ScriptArguments(Longest, permits), cancellationToken).ConfigureAwait(false);
        if (!answer.IsAnswered || answer.Value.First == 1)
        {
            return null;
        }

        var wait = TimeSpan.FromMilliseconds(Math.Max(1, answer.Value.Second));
        _own.Note(key, (int)Math.Min(int.MaxValue, answer.Value.Third), wait);
        return wait;
    }

    public async ValueTask<bool> AnnounceAsync(string key, int remaining, TimeSpan lastsFor, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(key);
        ArgumentOutOfRangeException.ThrowIfNegative(remaining);
        _own.Note(key, remaining, lastsFor);
        var milliseconds = (long)Math.Ceiling(Math.Min(lastsFor.TotalMilliseconds, InMemoryUpstreamQuota.Longest.TotalMilliseconds));
        return milliseconds > 0
            && (await gateway.EvaluateAsync(AnnounceScript, _prefix, key, new ScriptArguments(
                Longest, remaining, milliseconds, 0, 0), cancellationToken).ConfigureAwait(false)).IsAnswered;
    }
}
