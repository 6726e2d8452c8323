using Microsoft.AspNetCore.Http;

namespace RedisResilience.AspNetCore.Caching.Keys;

/// <summary>What an application says that the keys of an endpoint are made of.</summary>
internal sealed class CacheKeyRecipe
{
    /// <summary>Names the key; null: <see cref="Template"/> does.</summary>
    public Func<HttpContext, string?>? Function { get; init; }

    /// <summary>Names the key; null: the endpoint's route pattern does.</summary>
    public CacheKeyTemplate? Template { get; init; }

    /// <summary>The parameters of the query that make a difference, in the order in which they stand in keys.</summary>
    public string[] QueryNames { get; init; } = [];

    /// <summary>The fields of the request that make a difference, in the order in which they stand in keys.</summary>
    public string[] HeaderNames { get; init; } = [];

    /// <summary>What else makes a difference, by name.</summary>
    public (string Name, Func<HttpContext, string?> Value)[] Values { get; init; } = [];

    /// <summary>Names of the query and of fields that the handler binds, and that make no difference.</summary>
    public IReadOnlySet<string> Ignored { get; init; } = new HashSet<string>();

    /// <summary>Names the user whose own the response is; null when it is everybody's.</summary>
    public Func<HttpContext, string?>? User { get; init; }

    public bool IgnoresCase { get; init; }

    /// <summary>Whether the whole query makes a difference.</summary>
    public bool VariesByWholeQuery { get; init; }

    /// <summary>Whether the host makes a difference to a key that the application names itself.</summary>
    public bool VariesByHost { get; init; }

    /// <summary>Whether other endpoints may have the same key: they give the same response.</summary>
    public bool IsShared { get; init; }

    /// <summary>Whether the key is made here, and not named by the application.</summary>
    public bool IsMade => Function is null && Template is null;

    /// <summary>Whether the response does not depend on something, although the handler binds it.</summary>
    public bool IsFree(string name) => Ignored.Contains(name);
}
