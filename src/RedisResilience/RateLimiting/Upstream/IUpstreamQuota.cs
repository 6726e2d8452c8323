namespace RedisResilience.RateLimiting.Upstream;

/// <summary>What somebody else's API has said about its own limits, such as "come back in two seconds": what one node was told, all nodes
/// know.</summary>
/// <remarks>It only ever forbids. When Redis cannot answer, each node keeps to what it was told itself and has heard from the
/// others.</remarks>
public interface IUpstreamQuota
{
    /// <summary>How long this process knows the API to be closed, without asking anybody. Zero: it may be open.</summary>
    /// <param name="key">The API, or a caller of it: <see cref="RedisKeyLimits"/> holds.</param>
    TimeSpan KnownWait(string key);

    /// <summary>As <see cref="TakeAsync"/>, of what this process knows alone: for a call that has just learnt that Redis does not
    /// answer.</summary>
    /// <param name="key">As for <see cref="KnownWait"/>.</param>
    /// <param name="permits">As for <see cref="TakeAsync"/>.</param>
    /// <returns>Null: it may be. Else how long it may not.</returns>
    TimeSpan? TakeKnown(string key, int permits);

    /// <summary>Takes permits of what the API has said that it has left. Where it has said nothing, there is nothing to take, and nothing
    /// forbids.</summary>
    /// <param name="key">As for <see cref="KnownWait"/>. Kept in Redis as <c>redisresilience:upstream:{key}</c>.</param>
    /// <param name="permits">How many: all or none. 0 asks without taking.</param>
    /// <param name="cancellationToken">Ends the wait. The permits may be taken all the same.</param>
    /// <returns>Null: it may be. Else how long it may not.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="permits"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<TimeSpan?> TakeAsync(string key, int permits = 1, CancellationToken cancellationToken = default);

    /// <summary>Notes what the API has said. While it is closed, only a later end counts; of one time, the lower number.</summary>
    /// <param name="key">As for <see cref="TakeAsync"/>.</param>
    /// <param name="remaining">How many calls it has left. 0: it is closed.</param>
    /// <param name="lastsFor">For how long. At most a day counts.</param>
    /// <param name="cancellationToken">Ends the wait. It is noted all the same.</param>
    /// <returns>Whether the other nodes know it. False: Redis could not answer, and only this one does.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="remaining"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> AnnounceAsync(string key, int remaining, TimeSpan lastsFor, CancellationToken cancellationToken = default);
}
