using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The problem details (RFC 9457) of a denied request, with the types of draft-ietf-httpapi-ratelimit-headers-11.</summary>
internal static class RateLimitProblem
{
    public const string ContentType = "application/problem+json";

    private const string Types = "https://iana.org/assignments/http-problem-types#";

    /// <summary>The client has used up its quota.</summary>
    public static ReadOnlyMemory<byte> QuotaExceeded(string policy) => Write(
        "quota-exceeded",
        "Quota exceeded",
        StatusCodes.Status429TooManyRequests,
        "Too many requests. Retry-After says in how many seconds to try again.",
        policy);

    /// <summary>Nobody can count at present, and the limit would rather deny than not count.</summary>
    public static ReadOnlyMemory<byte> ReducedCapacity(string policy) => Write(
        "temporary-reduced-capacity",
        "Temporary reduced capacity",
        StatusCodes.Status503ServiceUnavailable,
        "Requests cannot be counted at present. Retry-After says in how many seconds to try again.",
        policy);

    private static ReadOnlyMemory<byte> Write(string type, string title, int status, string detail, string policy)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, Types + type);
            json.WriteString("title"u8, title);
            json.WriteNumber("status"u8, status);
            json.WriteString("detail"u8, detail);
            json.WriteStartArray("violated-policies"u8);
            json.WriteStringValue(policy);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
