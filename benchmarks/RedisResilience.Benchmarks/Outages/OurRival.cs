using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Benchmarks.Outages;

/// <summary>This library, with its defaults.</summary>
internal sealed class OurRival(string connectionString) : IRival
{
    private readonly ServiceProvider _services = new ServiceCollection().AddRedisResilience(connectionString).Services
        .BuildServiceProvider();

    public async Task<byte[]> GetOrCreateAsync(string key, Func<byte[]> source)
    {
        using var response = await _services.GetRequiredService<IResponseCache>().GetOrCreateAsync(
            key, TimeSpan.FromSeconds(30), source, static (source, _) => new ValueTask<ReadOnlyMemory<byte>?>(source()));
        return response.Body.ToArray();
    }

    public Task WaitUntilReadyAsync() => _services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
