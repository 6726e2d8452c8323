using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Health;

/// <summary>One of the application's Redis servers, for the health check.</summary>
internal sealed record CheckedRedis(string? Name, IRedisStatus Status, ICacheUsage? Usage)
{
    public static CheckedRedis Of(IServiceProvider provider, string? name) =>
        new(name, provider.GetRequiredKeyedService<IRedisStatus>(name), provider.GetKeyedService<ICacheUsage>(name));
}
