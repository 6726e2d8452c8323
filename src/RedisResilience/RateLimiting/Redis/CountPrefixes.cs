using System.Collections.Concurrent;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>Where the keys of a limit begin: <c>ratelimit:</c>, or <c>ratelimit:{name}:</c>. Encoded once a name, so that a call joins nothing.</summary>
internal sealed class CountPrefixes(string keyPrefix)
{
    // Policies are few. Whoever makes up names pays for each call.
    private const int MostNames = 1024;

    private readonly RedisKeyPrefix _unnamed = new($"{keyPrefix}ratelimit:");
    private readonly ConcurrentDictionary<string, RedisKeyPrefix> _named = new();

    public RedisKeyPrefix PrefixOf(RateLimit limit) =>
        limit.Name is not { } name ? _unnamed
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
