using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Filling;

/// <summary>The result of a request for a lease.</summary>
/// <param name="Status">
/// Acquired: a load runs in this process. Held: this caller has waited for another process long enough. None: the store did not answer.
/// </param>
/// <param name="InFlightLoad">The load under the lease. The request has joined it for its members.</param>
internal readonly record struct LeaseRequestResult(LeaseStatus Status, InFlightLoad? InFlightLoad = null);
