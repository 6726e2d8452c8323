using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Limits.Combined;

/// <summary>
/// The lines of one kind of limit in the script of a combined limit. CombinedLimit.lua says which variables they read and set.
/// </summary>
/// <param name="Functions">The functions that its lines call. May be empty.</param>
/// <param name="Read">Sees what is left of what was kept.</param>
/// <param name="Take">The lines that take permits or give them back, and compute the new state.</param>
internal sealed record PartScript(string Functions, string Read, string Take)
{
    /// <summary>Reads <paramref name="kind"/><c>Read.lua</c>, <c>Take.lua</c> and, if there is such a script, <c>State.lua</c>, beside
    /// <typeparamref name="TNeighbour"/>.</summary>
    public static PartScript Load<TNeighbour>(string kind, bool hasState = true) => new(
        hasState ? RedisScript.Load<TNeighbour>(kind + "State").Text : "",
        RedisScript.Load<TNeighbour>(kind + "Read").Text,
        RedisScript.Load<TNeighbour>(kind + "Take").Text);
}
