using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>What <see cref="RedisResilienceHttpOptions.AddPolicy"/> was given.</summary>
internal sealed record NamedPolicy(RateLimit Limit, Func<HttpContext, string?>? Key);
