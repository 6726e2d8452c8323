namespace RedisResilience.RateLimiting.Leases;

/// <summary>One call that prolongs leases of one key.</summary>
/// <param name="Group">The group that they are of.</param>
/// <param name="Leases">The leases, at most <see cref="ILeaseStore.MostLeases"/>.</param>
internal readonly record struct LeaseRenewal(LeaseGroup Group, HeldLease[] Leases);
