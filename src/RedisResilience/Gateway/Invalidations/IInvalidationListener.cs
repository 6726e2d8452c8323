using RedisResilience.Diagnostics;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>Keeps copies of entries in this process, and is notified when a copy may differ from the entry in Redis.</summary>
internal interface IInvalidationListener
{
    /// <summary>Any entry may have changed unnoticed from now on: nothing kept is to be trusted, and nothing to be kept.</summary>
    void Distrust();

    /// <summary>From now on changes are told as the mode says. What was kept before is still not to be trusted.</summary>
    void Trust(LocalTierMode mode);

    /// <summary>An entry has changed or is gone.</summary>
    /// <param name="key">The entry's key, without the application's prefix.</param>
    void Invalidate(string key);

    /// <summary>Everything has changed (<c>FLUSHALL</c>), or it is not known what.</summary>
    void InvalidateAll();
}
