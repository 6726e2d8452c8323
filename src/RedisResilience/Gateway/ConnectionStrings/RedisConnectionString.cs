using StackExchange.Redis;

namespace RedisResilience.Gateway;

internal static class RedisConnectionString
{
    internal static ConfigurationOptions Parse(string connectionString, string parameterName) => ConfigurationOptions.Parse(connectionString);
}
