namespace RedisResilience.Gateway.Health;

/// <summary>The result of the probe.</summary>
internal enum ProbeResult
{
    /// <summary>Redis does not answer, or says that it answers no client.</summary>
    Away,

    /// <summary>It answers, and is not in use yet.</summary>
    OnTrial,

    InUse,
}
