using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Http.IntegrationTests.Servers;

/// <summary>Somebody else's API: it notes when it is asked, and answers as a test says.</summary>
internal sealed class CountingApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<long> _askedAt = new();

    private CountingApi(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public int Asked => _askedAt.Count;

    /// <summary>When it was asked, in order.</summary>
    public IReadOnlyList<TimeSpan> AskedAt => [.. _askedAt.Select(timestamp => TimeProvider.System.GetElapsedTime(0, timestamp)).Order()];

    public static TimeSpan Now => TimeProvider.System.GetElapsedTime(0);

    /// <summary>How it answers.</summary>
    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("ok");

    public static async Task<CountingApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var api = new CountingApi(app);
        app.Run(context =>
        {
            if (context.Request.Path == NodeProgram.WarmUp)
            {
                return Task.CompletedTask;
            }

            api._askedAt.Enqueue(TimeProvider.System.GetTimestamp());
            return api.Answer(context);
        });
        await app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
