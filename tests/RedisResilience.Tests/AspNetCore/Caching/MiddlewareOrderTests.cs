using Microsoft.AspNetCore.Builder;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>Middleware that works when the endpoint has ended, as that of sessions does.</summary>
internal sealed class MiddlewareOrderTests
{
    [TestCase(true, "RedisResilience; fwd=uri-miss; stored")]
    [TestCase(false, "RedisResilience; fwd=uri-miss; detail=streamed")]
    public async Task WorkAfterTheEndpoint_BelongsBefore(bool isBefore, string expected)
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                Wait(app, !isBefore);
                app.MapGet("/", () => "body").CacheResponse("key");
            },
            outer: app => Wait(app, isBefore));

        using var response = await app.GetAsync("/");

        Assert.That(response.Headers.GetValues("Cache-Status").Single(), Is.EqualTo(expected));
    }

    private static void Wait(WebApplication app, bool isWanted)
    {
        if (isWanted)
        {
            app.Use(async (context, next) =>
            {
                await next(context);
                await Task.Yield();
            });
        }
    }
}
