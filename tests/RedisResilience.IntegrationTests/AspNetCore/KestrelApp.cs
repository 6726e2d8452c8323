using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>A web application behind a real server and connection, on a real Redis, with keys of its own there.</summary>
internal sealed class KestrelApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelApp(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public HttpClient Client { get; }

    public static async Task<KestrelApp> StartAsync(
        Action<WebApplication> pipeline, Action<RedisResilienceHttpOptions>? options = null, Action<IServiceCollection>? services = null)
    {
        var server = await SharedServers.GetAsync(ServerKind.Redis);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRedisResilience(server.ConnectionString, core =>
        {
            core.KeyPrefix = SharedServers.NewKey("kestrel");
            TestApp.Patient(core);
        }).AddHttp(options ?? (_ => { }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        pipeline(app);
        await app.StartAsync();
        await app.Services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        return new KestrelApp(app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
