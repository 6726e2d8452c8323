namespace RedisResilience.AspNetCore.Registration;

/// <summary>Says that <c>AddHttp</c> was called, and remembers whether the pipeline has the middleware.</summary>
internal sealed class HttpPipeline
{
    public bool HasMiddleware { get; set; }
}
