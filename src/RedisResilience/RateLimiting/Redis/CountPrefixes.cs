using System.Collections.Concurrent;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// Where the keys of a limit begin: <c>ratelimit:</c>, or <c>ratelimit:{name}:</c>. Encoded once a name, so that a call joins nothing.
/// </summary>
/// <remarks>
/// A key with a colon could read like one of a limit with a name, and begins with <c>ratelimit::</c> where the limit has none: no name is
/// empty.
/// </remarks>
internal sealed class CountPrefixes(string keyPrefix)
{
    // Policies are few. Whoever makes up names pays for each call.
    private const int MostNames = 1024;

    private readonly RedisKeyPrefix _unnamed = new($"{keyPrefix}ratelimit:");
    private readonly RedisKeyPrefix _apart = new($"{keyPrefix}ratelimit::");
    private readonly ConcurrentDictionary<string, RedisKeyPrefix> _named = new();

    public RedisKeyPrefix PrefixOf(RateLimit limit, string key) =>
        limit.Name is not { } name ? (key.Contains(':', StringComparison.Ordinal) ? _apart : _unnamed)
        : _named.TryGetValue(name, out var prefix) ? prefix
        : Add(name);

    private RedisKeyPrefix Add(string name)
    {
        var prefix = new RedisKeyPrefix($"{keyPrefix}ratelimit:{name}:");
        if (_named.Count < MostNames)
        {
            _named.TryAdd(name, prefix);
        }

        return prefix;
    }
}
