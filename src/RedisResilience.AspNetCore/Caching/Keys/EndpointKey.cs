using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>The keys of one endpoint. Whatever else a client sends never makes a new entry.</summary>
internal sealed class EndpointKey
{
    /// <summary>A longer key becomes its hash. Long keys are a client's doing, and take room that bodies could have.</summary>
    private const int LongestReadable = 256;

    private readonly CacheKeyRecipe _recipe;
    private readonly CacheKeyTemplate? _template;
    private readonly string _sibling;
    private readonly bool _takesWholeQuery;

    /// <param name="recipe">What the application says.</param>
    /// <param name="endpoint">The endpoint; null for one without a route.</param>
    /// <param name="sibling">Tells the endpoint apart from others of the same pattern; empty when there are none.</param>
    public EndpointKey(CacheKeyRecipe recipe, RouteEndpoint? endpoint, string sibling)
    {
        _recipe = recipe;
        _template = recipe.Template ?? (endpoint is null || !recipe.IsMade ? null : CacheKeyTemplate.Of(endpoint.RoutePattern));
        _sibling = sibling;
        var bound = recipe.IsMade && endpoint is not null ? BoundInput.Of(endpoint) : null;
        _takesWholeQuery = recipe.VariesByWholeQuery || bound is { TakesWholeQuery: true };
        QueryNames = bound is null ? recipe.QueryNames : Union(recipe.QueryNames, bound.Query.Where(name => !recipe.IsFree(name)));
        HeaderNames = bound is null ? recipe.HeaderNames : Union(recipe.HeaderNames, bound.Headers.Where(name => !recipe.IsFree(name)));
    }

    public string[] QueryNames { get; }

    /// <summary>The fields of the request that the key has, in lower case.</summary>
    public string[] HeaderNames { get; }

    /// <summary>The key of a request; null when it has none.</summary>
    public string? Of(in KeySource source) => Of(source, isWhole: true);

    /// <summary>The part that all variants of one resource share: the key without fields, values and users.</summary>
    public string? OfResource(in KeySource source) => Of(source, isWhole: false);

    private string? Of(in KeySource source, bool isWhole)
    {
        var prefix = "";
        var key = new KeyWriter(stackalloc char[LongestReadable], _recipe.IgnoresCase);
        var isNamed = TryAppendName(ref key, source, ref prefix);
        AppendQuery(ref key, source);
        if (isWhole && source.Context is not null)
        {
            AppendHeaders(ref key, source.Context.Request.Headers);
            AppendValues(ref key, source);
            isNamed &= TryAppendUser(ref key, source);
        }

        var text = key.ToKey();
        return !isNamed || !RedisKeyLimits.IsCleanText(text) ? null
            : text.Length <= LongestReadable ? text
            : prefix + "%sha256-" + Hash(text);
    }

    private bool TryAppendName(ref KeyWriter key, in KeySource source, ref string prefix)
    {
        if (_recipe.Function is not null)
        {
            // What a function names may come from a client: nothing of it may look like what is appended here.
            var name = source.Context is null ? null : _recipe.Function(source.Context);
            key.AppendName(name ?? "");
            AppendHost(ref key, source, _recipe.VariesByHost);
            return !string.IsNullOrEmpty(name);
        }

        if (_template is null)
        {
            return false;
        }

        prefix = _recipe.IsMade ? CacheKeyTemplate.MadePrefix : _template.Prefix;
        if (_recipe.IsMade)
        {
            key.AppendLiteral(CacheKeyTemplate.MadePrefix);
            key.AppendCaseless(source.Host.Value ?? "");
            key.AppendCaseless(source.PathBase.Value ?? "");
        }

        var isNamed = _template.TryAppend(ref key, source.Values);
        key.AppendLiteral(_sibling);
        AppendHost(ref key, source, _recipe is { IsMade: false, VariesByHost: true });
        return isNamed;
    }

    private static void AppendHost(ref KeyWriter key, in KeySource source, bool varies)
    {
        if (varies)
        {
            key.AppendLiteral(":!");
            key.AppendCaseless(source.Host.Value ?? "");
            key.AppendCaseless(source.PathBase.Value ?? "");
        }
    }

    private void AppendQuery(ref KeyWriter key, in KeySource source)
    {
        if ((QueryNames.Length == 0 && !_takesWholeQuery) || !source.HasQuery)
        {
            return;
        }

        var start = ":?";
        var query = source.Query;
        foreach (var name in _takesWholeQuery
            ? query.Keys.Select(key => key.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)
            : QueryNames.AsEnumerable())
        {
            Append(ref key, ref start, name, query[name], isNameSafe: !_takesWholeQuery);
        }
    }

    private void AppendHeaders(ref KeyWriter key, Microsoft.AspNetCore.Http.IHeaderDictionary headers)
    {
        var start = ":@";
        foreach (var name in HeaderNames)
        {
            Append(ref key, ref start, name, headers[name], isNameSafe: true);
        }
    }

    private void AppendValues(ref KeyWriter key, in KeySource source)
    {
        var start = ":=";
        foreach (var (name, value) in _recipe.Values)
        {
            Append(ref key, ref start, name, value(source.Context!) is { } text ? new StringValues(text) : default, isNameSafe: true);
        }
    }

    // Several values of one name keep their order: it may mean something.
    private static void Append(ref KeyWriter key, ref string start, string name, in StringValues values, bool isNameSafe)
    {
        for (var index = 0; index < values.Count; index++)
        {
            key.AppendLiteral(start);
            if (isNameSafe)
            {
                key.AppendLiteral(name);
            }
            else
            {
                key.AppendValue(name);
            }

            key.AppendLiteral("=");
            key.AppendValue(values[index] ?? "");
            start = "&";
        }
    }

    // Hashed: who somebody is has no business in a key that others may list.
    private bool TryAppendUser(ref KeyWriter key, in KeySource source)
    {
        if (_recipe.User is null)
        {
            return true;
        }

        if (_recipe.User(source.Context!) is not { Length: > 0 } user)
        {
            return false;
        }

        key.AppendLiteral(":~");
        key.AppendLiteral(Hash(user)[..32]);
        return true;
    }

    private static string[] Union(string[] names, IEnumerable<string> bound) =>
        [.. names.Union(bound, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));
}
