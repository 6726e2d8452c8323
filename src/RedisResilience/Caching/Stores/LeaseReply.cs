namespace RedisResilience.Caching.Stores;

/// <summary>The store's reply to a request for a lease.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Holder">The token of the holder.</param>
/// <param name="Remaining">How long the lease still stands.</param>
/// <param name="AcquiredAt">When it was acquired: milliseconds of the store's clock.</param>
internal readonly record struct LeaseReply(LeaseStatus Status, long Holder = 0, TimeSpan Remaining = default, long AcquiredAt = 0);
