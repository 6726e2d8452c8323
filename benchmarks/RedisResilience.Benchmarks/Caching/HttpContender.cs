using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>An endpoint that answers with one cached body, in an application of its own on 127.0.0.1.</summary>
internal sealed class HttpContender : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpContender(string name, WebApplication application)
    {
        Name = name;
        _application = application;
    }

    public string Name { get; }

    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<HttpContender> StartAsync(
        string name, Action<IServiceCollection> addServices, Func<WebApplication, Task> mapAsync)
    {
        // Not the working directory: what happens there is watched.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        addServices(builder.Services);
        var application = builder.Build();
        await mapAsync(application);
        await application.StartAsync();
        return new HttpContender(name, application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
