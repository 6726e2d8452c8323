namespace RedisResilience.Caching.Filling;

/// <summary>A lease whose release the store did not answer, so it may still stand.</summary>
/// <param name="Key">The entry's key.</param>
/// <param name="Token">The lease's token: to give it back twice does no harm.</param>
/// <param name="CoolDown">How long a cool-down replaces the lease.</param>
/// <param name="EndsAt">When it ends by itself: a timestamp.</param>
internal readonly record struct UnreleasedLease(string Key, long Token, TimeSpan CoolDown, long EndsAt);
