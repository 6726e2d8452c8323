namespace RedisResilience.Diagnostics;

/// <summary>The status of Redis at one moment.</summary>
public readonly record struct RedisStatus
{
    /// <summary>Whether Redis is in use, and if not, in which way.</summary>
    public required RedisAvailability Availability { get; init; }

    /// <summary>The name of this Redis among the application's. Null for the one without.</summary>
    public string? Name { get; init; }

    /// <summary>Why Redis is not in use, in words, without secrets. Null when it is.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What the server refuses although it is in use, in words, such as commands that its user may not run or writes to a full server.
    /// Those calls go on without it. Null when it has refused nothing for a minute.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>The round trip that the background probe measures, smoothed. Null before the first one.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>How long a call waits for Redis at present.</summary>
    public TimeSpan CommandDeadline { get; init; }

    /// <summary>
    /// Whether Redis is so far away that the deadline has grown beyond <see cref="RedisResilienceOptions.CommandDeadline"/>.
    /// </summary>
    public bool IsFar { get; init; }

    /// <summary>
    /// How many shards of a cluster are out of use while the others serve on: calls for their keys go on without Redis. 0 where there are
    /// no shards.
    /// </summary>
    public int ShardsAway { get; init; }

    /// <summary>How the cache's local tier learns of changes; <see cref="LocalTierMode.Off"/> when there is none.</summary>
    public LocalTierMode LocalTier { get; init; }
}
