namespace RedisResilience.RateLimiting.Leases;

/// <summary>A lease as the store knows it.</summary>
/// <param name="Id">Its name, given by the store: later leases have greater ones.</param>
/// <param name="Permits">How many permits it holds.</param>
internal readonly record struct HeldLease(long Id, int Permits);
