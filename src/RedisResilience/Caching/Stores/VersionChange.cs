namespace RedisResilience.Caching.Stores;

/// <summary>The change to make to a version.</summary>
internal enum VersionChange
{
    /// <summary>Nothing.</summary>
    Look = 0,

    /// <summary>Create the version if there is none. It lives as long as an entry that has it.</summary>
    Ensure = 1,

    /// <summary>It is made another: a removal.</summary>
    Replace = 2,

    /// <summary>What was lost is written again: one of its two copies, or both where a process knows what they were.</summary>
    Mend = 3,
}
