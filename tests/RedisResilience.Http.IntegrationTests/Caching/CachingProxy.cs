using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RedisResilience.Http.IntegrationTests.Caching;

/// <summary>A reverse proxy that passes everything on through an <see cref="HttpClient"/>, as it is: what is cached is what the client's
/// handlers cache.</summary>
internal sealed class CachingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> NotPassedOn = new(
        StringComparer.OrdinalIgnoreCase) { "Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Proxy-Connection" };

    private readonly WebApplication _app;

    private CachingProxy(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <param name="origin">Whom it stands before.</param>
    /// <param name="configure">Adds the services and the handlers of the client.</param>
    public static async Task<CachingProxy> StartAsync(Uri origin, Action<IServiceCollection, IHttpClientBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
            options.RequestHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
        });
        configure(builder.Services, builder.Services.AddHttpClient("origin").ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
        }));
        var app = builder.Build();
        app.Run(context => PassOnAsync(context, origin));
        await app.StartAsync();
        return new CachingProxy(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task PassOnAsync(HttpContext context, Uri origin)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(origin, context.Features.Get<IHttpRequestFeature>()!.RawTarget));
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, lines) in context.Request.Headers.Where(field => !NotPassedOn.Contains(field.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)lines))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)lines);
            }
        }

        try
        {
            using var client = context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient("origin");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            await AnswerAsync(context, response);
        }
        catch (HttpRequestException)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, lines) in response.Headers.NonValidated.Concat(
            response.Content.Headers.NonValidated).Where(field => !NotPassedOn.Contains(field.Key)))
        {
            context.Response.Headers.Append(name, lines.ToArray());
        }

        if (context.Request.Method != HttpMethods.Head
            && response.StatusCode is not (System.Net.HttpStatusCode.NoContent or System.Net.HttpStatusCode.NotModified))
        {
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
