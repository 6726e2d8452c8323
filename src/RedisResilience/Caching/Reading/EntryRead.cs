using RedisResilience.Caching.LocalTier;

namespace RedisResilience.Caching.Reading;

/// <summary>One read of an entry: what is asked, and by when. It is made once, and goes through all steps to the Redis client.</summary>
/// <param name="Key">The entry's key: the application's, and once it is located, the one under which the store has it.</param>
/// <param name="StartedAt">When the request began. All that it asks of the store ends within one deadline.</param>
/// <param name="CancellationToken">Ends the wait of this caller only.</param>
internal readonly record struct EntryRead(string Key, long StartedAt, CancellationToken CancellationToken = default)
{
    /// <summary>The parts of the entry that the caller needs.</summary>
    public EntryParts Parts { get; init; } = EntryParts.Body;

    /// <summary>The entity tags of what the caller holds already, whose body may be left out. Null when it holds nothing.</summary>
    public string? HeldTags { get; init; }

    /// <summary>Whether the request has asked the store before, and has only the rest of its deadline.</summary>
    public bool IsFollowUp { get; init; }

    /// <summary>From before the caller asked where the entry stands: a copy in the process is as old as that. Null where nothing is kept.
    /// </summary>
    public ReadStart? Start { get; init; }

    /// <summary>When the deadline began. Null when it begins with this read.</summary>
    public long? Since => IsFollowUp ? StartedAt : null;

    /// <summary>Combines two reads: it asks for the parts of both, in the time of the caller with less time.</summary>
    public EntryRead With(in EntryRead other) => this with
    {
        Parts = Parts | other.Parts,
        Start = other.Start is { } start ? Start?.Earlier(start) ?? start : Start,
        IsFollowUp = IsFollowUp || other.IsFollowUp,
        StartedAt = !other.IsFollowUp ? StartedAt : !IsFollowUp ? other.StartedAt : Math.Min(StartedAt, other.StartedAt),
    };
}
