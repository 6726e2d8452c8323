using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;

namespace RedisResilience.Benchmarks.Outgoing;

/// <summary>A client of the API, with a cache or without.</summary>
internal sealed class OutgoingClient : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;

    public OutgoingClient(string name, Uri address, Action<IServiceCollection, IHttpClientBuilder>? configure)
    {
        Name = name;
        var services = new ServiceCollection();

        // Nothing but the handler differs: no logging either.
        var builder = services.AddHttpClient("api", client => client.BaseAddress = address).RemoveAllLoggers();
        configure?.Invoke(services, builder);
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }

    public string Name { get; }

    public static OutgoingClient InMemory(Uri address)
    {
        var store = new InMemoryResponseCache();
        return new OutgoingClient(
            "cached in memory", address, (_, builder) => builder.AddRedisResilienceCache(cache => cache.Store = _ => store));
    }

    public static async Task<OutgoingClient> OverRedisAsync(string name, string connectionString, Uri address, bool isLocal)
    {
        var client = new OutgoingClient(name, address, (services, builder) =>
        {
            services.AddRedisResilience(connectionString, options =>
            {
                if (isLocal)
                {
                    options.LocalTier.KeyPrefixes.Add("http:");
                }
            });
            builder.AddRedisResilienceCache();
        });
        await client._services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
        return client;
    }

    public async Task GetAsync(Uri uri)
    {
        using var response = await _client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead);
        await response.Content.CopyToAsync(Stream.Null);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _services.DisposeAsync();
    }
}
