using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting;

/// <summary>The counts that all processes share: runs a limit's script on its key.</summary>
/// <param name="gateway">What talks to Redis.</param>
/// <param name="judge">The clock that limits are judged by. Null, and so it is outside of tests: the server's.</param>
internal sealed class RedisCounts(IRedisGateway gateway, TimeProvider? judge = null)
{
    private readonly RedisKeyPrefix _prefix = new(gateway.KeyPrefix + "ratelimit:");

    /// <summary>The time that scripts are told, in microseconds. 0: the server's.</summary>
    public long Now => judge is null ? 0 : judge.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(string key, RateLimit limit, in PermitRequest request, CancellationToken cancellationToken) =>
        EvaluateAsync(limit.Script, key, limit, Arguments(limit, request), cancellationToken);

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, string key, RateLimit limit, in ScriptArguments arguments, CancellationToken cancellationToken) =>
        gateway.EvaluateAsync(script, _prefix, Suffix(key, limit), arguments, cancellationToken);

    public ValueTask<Answer<bool>> DeleteAsync(string key, RateLimit limit, CancellationToken cancellationToken) =>
        gateway.DeleteAsync(_prefix, Suffix(key, limit), cancellationToken);

    // The usual call says how many, and leaves the rest to the script's defaults.
    private ScriptArguments Arguments(RateLimit limit, in PermitRequest request) =>
        judge is null && request.Count == 1 && request.MaximumWait == 0
            ? new ScriptArguments(limit.Parameters, request.Unit)
            : new ScriptArguments(limit.Parameters, request.Unit, request.Count, request.MaximumWait, Now);

    private static string Suffix(string key, RateLimit limit) => limit.Name is null ? key : $"{limit.Name}:{key}";
}
