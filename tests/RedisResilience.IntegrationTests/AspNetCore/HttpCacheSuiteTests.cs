using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RedisResilience.AspNetCore;
using RedisResilience.Diagnostics;
using RedisResilience.HttpCacheSuite;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>
/// The public suite of HTTP caches, against an endpoint that passes requests on, behind <c>CacheResponse</c> on a real Redis.
/// </summary>
internal sealed class HttpCacheSuiteTests
{
    private const int LeastRequired = 151;
    private const int LeastOptimal = 84;

    private static readonly string Root = typeof(HttpCacheSuiteTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;

    [Test]
    public async Task CacheResponse_PassesWhatItIsKnownToPass()
    {
        using var suite = await HttpCacheSuite.HttpCacheSuite.StartAsync(Root);
        var server = await SharedServers.GetAsync(ServerKind.Redis);
        await using var proxy = await StartProxyAsync(server.ConnectionString, suite.Origin);

        var results = await suite.RunAsync(new Uri(proxy.Urls.Single()));

        TestContext.Out.WriteLine(results);
        SuiteExpectation.Check(
            results, Path.Combine(Root, "tests", "RedisResilience.IntegrationTests", "AspNetCore", "http-cache-suite-expected.json"));
        Assert.That(results.Passed("required"), Is.GreaterThanOrEqualTo(LeastRequired));
        Assert.That(results.Passed("optimal"), Is.GreaterThanOrEqualTo(LeastOptimal));
    }

    private static async Task<WebApplication> StartProxyAsync(string redis, Uri origin)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRedisResilience(redis, TestApp.Patient).AddHttp();
        builder.Services.AddHttpClient(
            "origin").ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var app = builder.Build();
        app.UseRedisResilience();
        app.Map(
            "/{**path}", (HttpContext context, IHttpClientFactory clients) => PassOnAsync(context, clients.CreateClient("origin"), origin))
            .CacheResponse(Configure);
        await app.StartAsync();
        await app.Services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        return app;
    }

    // What an application says that stands before another: the whole address is the key, statuses are kept that HTTP keeps by itself, and
    // cookies are for everybody where the other one says that its response is.
    private static void Configure(CacheResponseBuilder response)
    {
        response.VaryByWholeQuery().TargetedBy("Surrogate-Control").StoreHeader("Set-Cookie");
        foreach (var status in new[] { 203, 204, 300, 301, 308, 404, 405, 410, 414, 501 })
        {
            response.Status(status, TimeSpan.FromMinutes(1));
        }
    }

    private static async Task PassOnAsync(HttpContext context, HttpClient client, Uri origin)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(origin, context.Request.Path + context.Request.QueryString.Value));
        if (context.Request.ContentLength > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        var ofConnection = response.Headers.Connection.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!ofConnection.Contains(name)
                && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
