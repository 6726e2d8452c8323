using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;
using RedisResilience.AspNetCore;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore;

/// <summary>A web application in memory, over fakes of the core.</summary>
internal sealed class HttpApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpApp(WebApplication app) => _app = app;

    public required FakeLimiter Limiter { get; init; }

    public required FakeCache Cache { get; init; }

    public HttpClient Client => field ??= _app.GetTestClient();

    public static async Task<HttpApp> StartAsync(
        Action<WebApplication> endpoints,
        Action<RedisResilienceHttpOptions>? options = null,
        RedisAvailability availability = RedisAvailability.Available,
        IPAddress? client = null,
        int maximumEntrySize = 1024 * 1024,
        Action<WebApplication>? outer = null,
        Action<IServiceCollection>? services = null,
        Action<IServiceCollection>? earlier = null,
        IConfiguration? section = null,
        bool middleware = true,
        IRateLimiter? counting = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var limiter = new FakeLimiter();
        var cache = new FakeCache();
        builder.Services.AddSingleton(counting ?? limiter);
        builder.Services.AddSingleton<IResponseCache>(cache);
        builder.Services.AddSingleton(Mock.Of<IRedisStatus>(status => status.Current == new RedisStatus { Availability = availability }));
        builder.Services.Configure<RedisResilienceOptions>(core => core.MaximumEntrySize = maximumEntrySize);
        earlier?.Invoke(builder.Services);
        var redis = builder.Services.AddRedisResilience((string?)null).AddHttp(options ?? (_ => { }));
        if (section is not null)
        {
            redis.AddHttp(section);
        }

        services?.Invoke(builder.Services);
        var app = builder.Build();
        outer?.Invoke(app);
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = client;
            return next(context);
        });
        if (middleware)
        {
            app.UseRedisResilience();
        }

        endpoints(app);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new HttpApp(app) { Limiter = limiter, Cache = cache };
    }

    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
