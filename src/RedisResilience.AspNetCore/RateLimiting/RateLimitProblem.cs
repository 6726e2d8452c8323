using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>The problem details (RFC 9457) of a denied request, with the types of draft-ietf-httpapi-ratelimit-headers-11.</summary>
internal sealed class RateLimitProblem(string type, string title, int status, string detail)
{
    public const string ContentType = "application/problem+json";

    private const string Violated = "violated-policies";
    private static readonly MediaTypeHeaderValue[] Json = [new("application/json"), new(ContentType)];

    private const string Types = "https://iana.org/assignments/http-problem-types#";

    /// <summary>The client has used up its quota.</summary>
    public static readonly RateLimitProblem QuotaExceeded = new(
        "quota-exceeded",
        "Quota exceeded",
        StatusCodes.Status429TooManyRequests,
        "Too many requests. Retry-After says in how many seconds to try again.");

    /// <summary>The request costs more than the quota can ever give: to try again is of no use.</summary>
    public static readonly RateLimitProblem Impossible = new(
        "quota-exceeded",
        "Quota exceeded",
        StatusCodes.Status429TooManyRequests,
        "The request costs more than the quota can ever give. Ask for less.");

    /// <summary>Nobody can count at present, and the limit would rather deny than not count.</summary>
    public static readonly RateLimitProblem ReducedCapacity = new(
        "temporary-reduced-capacity",
        "Temporary reduced capacity",
        StatusCodes.Status503ServiceUnavailable,
        "Requests cannot be counted at present. Retry-After says in how many seconds to try again.");

    public int Status => status;

    /// <summary>
    /// Writes the problem, with the application's own problem service if it has one. It writes nothing to a client that does not accept
    /// JSON.
    /// </summary>
    public async ValueTask WriteAsync(HttpContext context, string[] violatedPolicies)
    {
        var policies = Write(violatedPolicies, context.Response.StatusCode);
        if (context.RequestServices.GetService<IProblemDetailsService>() is { } service
            && await service.TryWriteAsync(Describe(context, policies)).ConfigureAwait(false))
        {
            return;
        }

        if (!AcceptsJson(context.Request.Headers.Accept))
        {
            return;
        }

        context.Response.ContentType = ContentType;
        context.Response.ContentLength = policies.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(policies).ConfigureAwait(false);
        }
    }

    // The most specific range that has the type decides (RFC 9110, section 12.5.1).
    private static bool AcceptsJson(StringValues accept) =>
        accept.Count == 0
        || !MediaTypeHeaderValue.TryParseList(accept, out var types)
        || Json.Any(json => types.Where(json.IsSubsetOf)
            .OrderByDescending(type => type.MatchesAllTypes ? 0 : type.MatchesAllSubTypes ? 1 : 2)
            .FirstOrDefault() is { Quality: not 0 });

    private ProblemDetailsContext Describe(HttpContext context, ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails =
            {
                Type = Types + type,
                Title = title,
                Status = context.Response.StatusCode,
                Detail = detail,
                Extensions = { [Violated] = document.RootElement.GetProperty(Violated).Clone() },
            },
        };
    }

    private ReadOnlyMemory<byte> Write(string[] violatedPolicies, int told)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, Types + type);
            json.WriteString("title"u8, title);
            json.WriteNumber("status"u8, told);
            json.WriteString("detail"u8, detail);
            json.WriteStartArray(Violated);
            foreach (var policy in violatedPolicies)
            {
                json.WriteStringValue(policy);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenMemory;
    }
}
