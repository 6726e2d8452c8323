using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Filling;

/// <summary>The result of a request for a lease.</summary>
/// <param name="Status">Acquired: there is a load in this process; held: somebody else's was waited for long enough; none: the store does
/// not say.</param>
/// <param name="InFlightLoad">The load under the lease. The contest has joined it for its members.</param>
internal readonly record struct LeaseRequestResult(LeaseStatus Status, InFlightLoad? InFlightLoad = null);
