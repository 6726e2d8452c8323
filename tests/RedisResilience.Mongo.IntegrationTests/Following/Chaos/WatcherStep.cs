namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>Where a watcher stands when it is killed: before its next call of that kind.</summary>
public enum WatcherStep
{
    /// <summary>It has the lease, and has not yet read where to begin.</summary>
    ReadsToken,

    /// <summary>A change was read, and nothing of it applied.</summary>
    Invalidates,

    /// <summary>Some entries of a batch are gone, and others are not.</summary>
    InvalidatesTheRest,

    /// <summary>All of a batch is applied, and the token not saved.</summary>
    SavesToken,

    /// <summary>The token is saved, and the next change was not asked for.</summary>
    Announces,

    /// <summary>History is lost, the token forgotten, and the entries not given up.</summary>
    RemovesNamespace,
}
