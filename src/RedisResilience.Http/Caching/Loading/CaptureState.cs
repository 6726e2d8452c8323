namespace RedisResilience.Http.Caching.Loading;

/// <summary>The state of a body that is being captured.</summary>
internal enum CaptureState
{
    Reading = 0,
    Complete,

    /// <summary>It is too large to be kept. The rest is read directly from the network.</summary>
    TooLarge,

    /// <summary>It has broken off.</summary>
    Failed,
}
