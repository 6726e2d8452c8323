using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.Dashboard;

namespace RedisResilience.BrowserTests.Dashboard;

/// <summary>A page of an application of the test's own, on a real port of 127.0.0.1.</summary>
internal sealed class HostedDashboard : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HostedDashboard(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.First()), "redis/");

    public IServiceProvider Services => _app.Services;

    public static async Task<HostedDashboard> StartAsync(
        Action<IServiceCollection> services, Action<RedisResilienceDashboardOptions>? options =
            null, Action<WebApplication>? endpoints = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRedisResilience(connectionString: null).AddHttp();
        services(builder.Services);
        var app = builder.Build();
        app.UseRedisResilience();
        app.MapRedisResilienceDashboard(configure: options);
        endpoints?.Invoke(app);
        await app.StartAsync();
        return new HostedDashboard(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
