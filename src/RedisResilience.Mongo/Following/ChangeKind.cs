namespace RedisResilience.Mongo.Following;

/// <summary>What a change means for the cache.</summary>
internal enum ChangeKind
{
    /// <summary>Nothing: an index, a setting.</summary>
    None,

    /// <summary>A document is other than it was.</summary>
    Document,

    /// <summary>The whole collection is: dropped, or renamed.</summary>
    Collection,

    /// <summary>The stream ends here. A new stream continues after it.</summary>
    End,
}
