using RedisResilience.Diagnostics;

namespace RedisResilience.Gateway.Invalidations;

/// <summary>Keeps copies of entries in this process, and is notified when a copy may differ from the entry in Redis.</summary>
internal interface IInvalidationListener
{
    /// <summary>
    /// From now on any entry may change without a notification. The listener must not use its copies, and must keep none.
    /// </summary>
    void Distrust();

    /// <summary>From now on changes are reported as the mode says. Earlier copies must still not be used.</summary>
    void Trust(LocalTierMode mode);

    /// <summary>An entry has changed or is gone.</summary>
    /// <param name="key">The entry's key, without the application's prefix.</param>
    void Invalidate(string key);

    /// <summary>Everything has changed (<c>FLUSHALL</c>), or it is not known what.</summary>
    void InvalidateAll();
}
