using RedisResilience.Gateway;
using RedisResilience.Gateway.Commands;
using RedisResilience.RateLimiting.Requests;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>The counts that all processes share. It runs a limit's script on a key.</summary>
internal sealed class RedisCounts
{
    private readonly IRedisGateway _gateway;
    private readonly CountPrefixes _prefixes;
    private readonly TimeProvider? _judge;

    /// <param name="gateway">The gateway to Redis.</param>
    /// <param name="judge">The clock that limits are judged by. Null, and so it is outside of tests: the server's.</param>
    public RedisCounts(IRedisGateway gateway, TimeProvider? judge = null)
        : this(gateway, new CountPrefixes(gateway.KeyPrefix), judge)
    {
    }

    private RedisCounts(IRedisGateway gateway, CountPrefixes prefixes, TimeProvider? judge) =>
        (_gateway, _prefixes, _judge) = (gateway, prefixes, judge);

    /// <summary>The time for the scripts, in microseconds. 0 for the server's time.</summary>
    public long Now => _judge is null
        ? 0
        : _judge.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond - (DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Whether Redis is known to be away.</summary>
    public bool IsAway => _gateway.IsAway;

    /// <summary>The same counts, asked another way.</summary>
    public RedisCounts Through(IRedisGateway gateway) => new(gateway, _prefixes, _judge) { LateReplies = LateReplies };

    /// <summary>The same counts, asked for a request that began at a timestamp.</summary>
    public RedisCounts Since(long startedAt) => Through(_gateway.Since(startedAt));

    /// <summary>Handles permits that were granted to callers who no longer wait.</summary>
    public ILateReplies? LateReplies { get; set; }

    /// <summary>Asks for permits. They go back if they come when no caller waits any more.</summary>
    public ValueTask<Answer<ScriptReply>> AcquireAsync(in AcquireRequest request)
    {
        var caller = new ScriptCaller(LateReplies, request.Limit, request.AskedAt);
        return EvaluateAsync(
            request.Limit.Script, request.Key.Key, request.Limit,
            Arguments(request.Limit, request.Permits) with { Caller = caller }, request.CancellationToken);
    }

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        string key, RateLimit limit, in PermitRequest request, CancellationToken cancellationToken) =>
        EvaluateAsync(limit.Script, key, limit, Arguments(limit, request), cancellationToken);

    public ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, string key, RateLimit limit, in ScriptArguments arguments, CancellationToken cancellationToken) =>
        _gateway.EvaluateAsync(script, _prefixes.PrefixOf(limit, key), key, arguments, cancellationToken);

    public ValueTask<Answer<bool>> DeleteAsync(string key, RateLimit limit, CancellationToken cancellationToken) =>
        _gateway.DeleteAsync(_prefixes.PrefixOf(limit, key), key, cancellationToken);

    // The usual call leaves what it can to the script's defaults.
    private ScriptArguments Arguments(RateLimit limit, in PermitRequest request)
    {
        var parameters = limit.ParametersAt(_judge ?? TimeProvider.System);
        if (limit.IsHeld)
        {
            // Whoever takes has a name for his lease, and comes another way: this one looks.
            return new ScriptArguments(parameters, request.Unit, request.Count, third: 0, Now);
        }

        return request.Until is { } until
            ? new ScriptArguments(parameters, request.Unit, request.Count, request.MaximumWait, Now, new ScriptConstants(until))
        : _judge is null && request.Count == 1 && request.MaximumWait == 0
            ? request.Unit == 1 ? new ScriptArguments(parameters) : new ScriptArguments(parameters, request.Unit)
            : new ScriptArguments(parameters, request.Unit, request.Count, request.MaximumWait, Now);
    }
}
