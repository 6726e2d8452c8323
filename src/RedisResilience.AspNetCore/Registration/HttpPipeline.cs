namespace RedisResilience.AspNetCore.Registration;

/// <summary>Records that <c>AddHttp</c> was called, and whether the pipeline has the middleware.</summary>
internal sealed class HttpPipeline
{
    public bool HasMiddleware { get; set; }

    /// <summary>Whether a callback before all middleware reports when a response starts and can no longer be changed.</summary>
    public bool HasLastMoment { get; set; }
}
