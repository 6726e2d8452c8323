using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Makes any text a key that the limiter takes, and different texts different keys.</summary>
internal static class RateLimitKey
{
    // The UTF-16 bytes: as UTF-8 all broken surrogates would become one and the same replacement character.
    public static string Clean(string key) =>
        RedisKeyLimits.IsValid(key) ? key : Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan())));
}
