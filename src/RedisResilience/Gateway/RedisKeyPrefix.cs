using System.Text;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>The prefix of keys, encoded once, so that making a key allocates nothing.</summary>
internal readonly struct RedisKeyPrefix
{
    private readonly byte[]? _bytes;

    public RedisKeyPrefix(string prefix) => _bytes = prefix.Length == 0 ? null : Encoding.UTF8.GetBytes(prefix);

    public RedisKey Append(string key) => _bytes is null ? key : new RedisKey(key).Prepend(_bytes);
}
