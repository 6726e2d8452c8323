using System.Collections.Concurrent;
using RedisResilience.Gateway;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>
/// The prefix of a limit's keys: <c>ratelimit:</c>, or <c>ratelimit:{name}:</c>. It is encoded once for each name, so that a call joins no
/// text.
/// </summary>
/// <remarks>
/// A key with a colon could look like a key of a limit with a name. So without a name it begins with <c>ratelimit::</c>, which is
/// unambiguous because no name is empty.
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
