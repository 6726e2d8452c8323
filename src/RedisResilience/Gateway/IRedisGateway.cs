namespace RedisResilience.Gateway;

/// <summary>
/// The only way to talk to Redis. A call ends with an answer or without one, within the command deadline. It throws only when its caller
/// cancels it.
/// </summary>
internal interface IRedisGateway
{
    /// <summary>As long as a value may be.</summary>
    const int All = int.MaxValue;

    /// <summary>Where this application's keys begin.</summary>
    string KeyPrefix { get; }

    /// <summary>Whether Redis is known to be away, for callers who do not need the reason.</summary>
    bool IsAway => false;

    /// <summary>
    /// A gateway for the rest of one request. All its calls together end within one command deadline of the request's start, so slow calls
    /// do not add up. A call that comes too late is not sent. Use it for the calls after a request's first one. Work that no caller waits
    /// for has its own deadlines.
    /// </summary>
    /// <param name="startedAt">When the request began: a timestamp of the <see cref="TimeProvider"/>.</param>
    IRedisGateway Since(long startedAt);

    /// <summary>
    /// Reads at most the given number of bytes under a key, or <see cref="All"/> of them. The result is empty when there is no such key,
    /// and for an empty value.
    /// </summary>
    ValueTask<Answer<Payload>> GetAsync(RedisKeyPrefix prefix, string key, int length, CancellationToken cancellationToken);

    ValueTask<Answer<TimeSpan?>> GetTimeToLiveAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken);

    ValueTask<Answer<bool>> SetAsync(
        RedisKeyPrefix prefix, string key, ReadOnlyMemory<byte> value, TimeSpan timeToLive, CancellationToken cancellationToken);

    ValueTask<Answer<bool>> DeleteAsync(RedisKeyPrefix prefix, string key, CancellationToken cancellationToken);

    /// <summary>Runs a script on one key. It is sent once: a script that may have run is never sent again.</summary>
    ValueTask<Answer<ScriptReply>> EvaluateAsync(
        RedisScript script, RedisKeyPrefix prefix, string key, ScriptArguments arguments, CancellationToken cancellationToken);

    /// <summary>Removes a whole key and its side key in one step.</summary>
    ValueTask<Answer<bool>> DeleteBothAsync(string key, string sideKey, CancellationToken cancellationToken);

    ValueTask<Answer<bool>> ExpireAsync(RedisKeyPrefix prefix, string key, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Runs a script on a whole key and its side key. It is sent once.</summary>
    ValueTask<Answer<ContentReply>> EvaluateAsync(
        RedisScript script, string key, string sideKey, ContentArguments arguments, CancellationToken cancellationToken);
}
