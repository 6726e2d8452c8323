namespace RedisResilience.Diagnostics;

/// <summary>The status of Redis at one moment.</summary>
public readonly record struct RedisStatus
{
    /// <summary>Whether Redis is in use.</summary>
    public required RedisAvailability Availability { get; init; }

    /// <summary>The name of this Redis in the application. Null for the Redis without a name.</summary>
    public string? Name { get; init; }

    /// <summary>The reason why Redis is not in use, as text without secrets. Null when it is in use.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What the server refuses although it is in use, as text: for example commands that the Redis user may not run, or writes to a full
    /// server. Such calls go on without Redis. Null when the server has refused nothing for a minute.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>The round trip that the background probe measures, smoothed. Null before the first one.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>How long a call waits for Redis now.</summary>
    public TimeSpan CommandDeadline { get; init; }

    /// <summary>
    /// Whether Redis is so far away that the deadline has grown beyond <see cref="RedisResilienceOptions.CommandDeadline"/>.
    /// </summary>
    public bool IsFar { get; init; }

    /// <summary>
    /// How many shards of a cluster are not in use while the others are. Calls for their keys go on without Redis. 0 without a cluster.
    /// </summary>
    public int ShardsAway { get; init; }

    /// <summary>How the cache's local tier learns of changes; <see cref="LocalTierMode.Off"/> when there is none.</summary>
    public LocalTierMode LocalTier { get; init; }
}
