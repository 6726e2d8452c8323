namespace RedisResilience.Caching.Stores;

/// <summary>What is to be done to a version.</summary>
internal enum VersionChange
{
    /// <summary>Nothing.</summary>
    Look = 0,

    /// <summary>A tag's is made where there is none.</summary>
    Ensure = 1,

    /// <summary>A tag's is made another.</summary>
    Replace = 2,

    /// <summary>A namespace's is made one more than the greater of it and the given one.</summary>
    Raise = 3,
}
