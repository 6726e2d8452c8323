using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Benchmarks.Outgoing;

/// <summary>An API of one page that may be stored, and one that may not.</summary>
internal sealed class LoopbackApi : IAsyncDisposable
{
    private static readonly byte[] Body = new byte[1024];

    private readonly WebApplication _app;

    private LoopbackApi(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public static async Task<LoopbackApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.Headers.CacheControl = context.Request.Path == "/stored" ? "max-age=3600" : "no-store";
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Body.Length;
            return context.Response.Body.WriteAsync(Body).AsTask();
        });
        await app.StartAsync();
        return new LoopbackApi(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
