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

    /// <summary>The one of its two copies that was lost is written again.</summary>
    Mend = 3,
}
