namespace RedisResilience.Caching.Stores;

/// <summary>The change to make to a version.</summary>
internal enum VersionChange
{
    /// <summary>Nothing.</summary>
    Look = 0,

    /// <summary>It is made where there is none, and stands as long as an entry that has it.</summary>
    Ensure = 1,

    /// <summary>It is made another: a removal.</summary>
    Replace = 2,

    /// <summary>The one of its two copies that was lost is written again.</summary>
    Mend = 3,
}
