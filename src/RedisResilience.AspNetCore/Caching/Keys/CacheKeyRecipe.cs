using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>What the key of a request is made of. Whatever else a client sends never makes a new entry.</summary>
internal sealed class CacheKeyRecipe
{
    /// <summary>A longer key becomes its hash. Long keys are a client's doing, and take room that bodies could have.</summary>
    private const int LongestReadable = 256;

    private readonly ConcurrentDictionary<RouteEndpoint, CacheKeyTemplate> _patterns = new();

    /// <summary>Names the key; null: <see cref="Template"/> does.</summary>
    public Func<HttpContext, string?>? Function { get; init; }

    /// <summary>Names the key; null: the endpoint's route pattern does.</summary>
    public CacheKeyTemplate? Template { get; init; }

    /// <summary>The parameters of the query that make a difference, in the order in which they stand in keys.</summary>
    public string[] QueryNames { get; init; } = [];

    /// <summary>The fields of the request that make a difference, in the order in which they stand in keys.</summary>
    public string[] HeaderNames { get; init; } = [];

    /// <summary>Names the user whose own the response is; null when it is everybody's.</summary>
    public Func<HttpContext, string?>? User { get; init; }

    public bool IgnoresCase { get; init; }

    /// <summary>The key of a request; null when it has none.</summary>
    public string? KeyOf(HttpContext context)
    {
        var prefix = "";
        var key = new KeyWriter(stackalloc char[LongestReadable], IgnoresCase);
        var isWhole = TryAppendName(ref key, context, ref prefix);
        AppendQuery(ref key, context.Request);
        AppendHeaders(ref key, context.Request);
        isWhole &= TryAppendUser(ref key, context);
        var text = key.ToKey();
        return !isWhole || !RedisKeyLimits.IsCleanText(text) ? null
            : text.Length <= LongestReadable ? text
            : prefix + "%sha256-" + Hash(text);
    }

    private bool TryAppendName(ref KeyWriter key, HttpContext context, ref string prefix)
    {
        if (Function is not null)
        {
            var name = Function(context);
            key.AppendLiteral(name ?? "");
            return !string.IsNullOrEmpty(name);
        }

        var template = Template ?? (context.GetEndpoint() is RouteEndpoint endpoint
            ? _patterns.GetOrAdd(endpoint, static endpoint => CacheKeyTemplate.Of(endpoint.RoutePattern))
            : null);
        prefix = template?.Prefix ?? "";
        return template?.TryAppend(ref key, context) == true;
    }

    private void AppendQuery(ref KeyWriter key, HttpRequest request)
    {
        if (QueryNames.Length == 0 || !request.QueryString.HasValue)
        {
            return;
        }

        var start = ":?";
        foreach (var name in QueryNames)
        {
            AppendValues(ref key, ref start, name, request.Query[name]);
        }
    }

    private void AppendHeaders(ref KeyWriter key, HttpRequest request)
    {
        var start = ":@";
        foreach (var name in HeaderNames)
        {
            AppendValues(ref key, ref start, name, request.Headers[name]);
        }
    }

    // Several values of one name keep their order: it may mean something.
    private static void AppendValues(ref KeyWriter key, ref string start, string name, in StringValues values)
    {
        for (var index = 0; index < values.Count; index++)
        {
            key.AppendLiteral(start);
            key.AppendLiteral(name);
            key.AppendLiteral("=");
            key.AppendValue(values[index] ?? "");
            start = "&";
        }
    }

    // Hashed: who somebody is has no business in a key that others may list.
    private bool TryAppendUser(ref KeyWriter key, HttpContext context)
    {
        if (User is null)
        {
            return true;
        }

        if (User(context) is not { Length: > 0 } user)
        {
            return false;
        }

        key.AppendLiteral(":~");
        key.AppendLiteral(Hash(user)[..32]);
        return true;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));
}
