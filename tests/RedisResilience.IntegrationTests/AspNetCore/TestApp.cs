using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>A web application within this process, on a real Redis.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(WebApplication app)
    {
        _app = app;
        Client = app.GetTestClient();
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public IResponseCache Cache => Services.GetRequiredService<IResponseCache>();

    public IRedisStatus Status => Services.GetRequiredService<IRedisStatus>();

    /// <summary>An application that uses its Redis.</summary>
    public static async Task<TestApp> StartAsync(
        string connectionString, Action<WebApplication> configure, Action<IRedisResilienceBuilder>? services =
            null, Action<RedisResilienceOptions>? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var redis = builder.Services.AddRedisResilience(connectionString, options).AddHttp();
        services?.Invoke(redis);
        var app = builder.Build();
        configure(app);
        await app.StartAsync();
        var test = new TestApp(app);
        await test.Status.UntilAvailableAsync();
        return test;
    }

    /// <summary>For tests of what is answered and not of when: then no busy machine makes Redis look away.</summary>
    public static void Patient(RedisResilienceOptions options) =>
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
