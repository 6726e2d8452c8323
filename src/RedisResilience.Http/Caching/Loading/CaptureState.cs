namespace RedisResilience.Http.Caching.Loading;

/// <summary>How far a body is that is being kept.</summary>
internal enum CaptureState
{
    Reading = 0,
    Complete,

    /// <summary>It is larger than what is kept: the rest is read from where it comes from.</summary>
    TooLarge,

    /// <summary>It has broken off.</summary>
    Failed,
}
