using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Benchmarks.Outages;

/// <summary>ASP.NET Core's output caching over its Redis store, with its defaults, behind Kestrel on the loopback.</summary>
internal sealed class OutputCachingRival : IRival
{
    private readonly ConcurrentDictionary<string, Func<byte[]>> _sources = new();
    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    public OutputCachingRival(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOutputCache();
        builder.Services.AddStackExchangeRedisOutputCache(options => options.Configuration = connectionString);
        _app = builder.Build();
        _app.UseOutputCache();
        _app.MapGet(
            "/{key}", (string key) => Results.Bytes(_sources[key]())).CacheOutput(policy => policy.Expire(TimeSpan.FromSeconds(30)));
    }

    public async Task<byte[]> GetOrCreateAsync(string key, Func<byte[]> source)
    {
        _sources[key] = source;
        return await _client.GetByteArrayAsync($"{_app.Urls.First()}/{key}");
    }

    public async Task WaitUntilReadyAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
