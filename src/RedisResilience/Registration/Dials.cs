using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.ConnectionStrings;
using StackExchange.Redis;

namespace RedisResilience.Registration;

/// <summary>The ways to configure where Redis is.</summary>
internal static class Dials
{
    /// <returns>Null for a string that is missing or blank: there is no Redis.</returns>
    public static Func<IServiceProvider, RedisResilienceOptions, IDialer>? To(
        string? connectionString, string? name)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return null;
        }

        var configuration = RedisConnectionString.Parse(connectionString, nameof(connectionString));
        return (_, options) => new Dialer(configuration, options, name);
    }

    public static Func<IServiceProvider, RedisResilienceOptions, IDialer> To(ConfigurationOptions configuration, string? name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.EndPoints.Count == 0)
        {
            throw new ArgumentException("The configuration names no endpoint.", nameof(configuration));
        }

        var copy = ClientSettings.Copy(configuration);
        return (_, options) => new Dialer(copy, options, name);
    }

    public static Func<IServiceProvider, RedisResilienceOptions, IDialer> To(
        Func<IServiceProvider, Task<IConnectionMultiplexer>> connect, string? name)
    {
        ArgumentNullException.ThrowIfNull(connect);
        return (provider, _) => new SharedDialer(() => connect(provider), name, provider.Logger());
    }
}
