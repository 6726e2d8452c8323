using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Http.IntegrationTests.Servers;

/// <summary>Somebody else's API: it notes when it is asked, and answers as a test says.</summary>
internal sealed class CountingApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ArrivedCall> _calls = new();

    private CountingApi(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public int Asked => _calls.Count;

    public IReadOnlyCollection<ArrivedCall> Calls => _calls;

    /// <summary>When a node first told that it has heard of a pause.</summary>
    public TimeSpan? HeardAt { get; private set; }

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
            var now = NodeProgram.Now;
            if (context.Request.Path == NodeProgram.Heard)
            {
                api.HeardAt ??= now;
            }

            if (context.Request.Path == NodeProgram.Heard || context.Request.Path == NodeProgram.WarmUp)
            {
                return Task.CompletedTask;
            }

            api._calls.Enqueue(new ArrivedCall(
                TimeSpan.TryParse(context.Request.Headers[NodeProgram.BegunAt], CultureInfo.InvariantCulture, out var begun) ? begun : now,
                now));
            return api.Answer(context);
        });
        await app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
