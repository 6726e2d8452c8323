namespace RedisResilience.AspNetCore.Registration;

/// <summary>That <c>AddHttp</c> was called, and on which Redis.</summary>
/// <param name="Redis">The name of the Redis. Null: the one without.</param>
internal sealed record HttpRegistration(string? Redis);
