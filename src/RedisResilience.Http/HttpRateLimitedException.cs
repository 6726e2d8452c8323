using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace RedisResilience.Http;

/// <summary>Thrown when a request was not sent, because it would have had to wait for longer than it may.</summary>
[SuppressMessage(
    "Design", "CA1032:Implement standard exception constructors", Justification = "It always tells which limit, and when to come back.")]
public sealed class HttpRateLimitedException : HttpRequestException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="limit">The limit's name.</param>
    /// <param name="retryAfter">When to come back.</param>
    /// <param name="isImpossible">Whether the request costs more than the limit ever gives.</param>
    public HttpRateLimitedException(string limit, TimeSpan retryAfter, bool isImpossible = false)
        : base(
            isImpossible
                ? $"The limit '{limit}' never has as many permits as this request costs."
                : $"The limit '{limit}' has no permit for this request within the time that it may wait; there is one in {retryAfter}.",
            inner: null,
            HttpStatusCode.TooManyRequests) => (Limit, RetryAfter, IsImpossible) = (limit, retryAfter, isImpossible);

    /// <summary>The limit's name.</summary>
    public string Limit { get; }

    /// <summary>Whether the request costs more than the limit can ever give. Another attempt cannot succeed then.</summary>
    public bool IsImpossible { get; }

    /// <summary>How long to wait before the next attempt. Zero when the time is not known, or when no attempt can succeed.</summary>
    public TimeSpan RetryAfter { get; }
}
