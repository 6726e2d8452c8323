using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>A web application in memory, with a Redis of a test's choice and keys of its own there.</summary>
internal sealed class LimitedApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LimitedApp(WebApplication app) => _app = app;

    public HttpClient Client => field ??= _app.GetTestClient();

    public static async Task<LimitedApp> StartAsync(
        string redis,
        Action<WebApplication> pipeline,
        Action<RedisResilienceHttpOptions>? options = null,
        Action<IRedisResilienceBuilder>? services = null,
        string? keyPrefix = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var added = builder.Services.AddRedisResilience(redis, core =>
        {
            core.KeyPrefix = keyPrefix ?? SharedServers.NewKey("http");

            // For tests of what is answered and not of when: then no busy machine makes Redis look away.
            core.CommandDeadline = core.MaximumCommandDeadline = TimeSpan.FromSeconds(10);
        });
        added.AddHttp(options ?? (_ => { }));
        services?.Invoke(added);
        var app = builder.Build();
        pipeline(app);
        await app.StartAsync();
        await app.Services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        return new LimitedApp(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
