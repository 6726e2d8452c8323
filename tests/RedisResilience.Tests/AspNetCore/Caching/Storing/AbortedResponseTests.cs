using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

/// <summary>What an endpoint breaks off is nobody's response.</summary>
internal sealed class AbortedResponseTests
{
    [TestCase("application/json")]
    [TestCase("text/plain")]
    public async Task ResponseThatTheEndpointBreaksOff_IsNotStored(string type)
    {
        var seesIt = false;
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", async (HttpContext context) =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync("half");
            context.Abort();
            seesIt = context.RequestAborted.IsCancellationRequested;
        }).CacheResponse("key"));
        try
        {
            await app.GetAsync("/");
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            // This is what breaking off does to the client.
        }

        Assert.That((seesIt, app.Cache.Loads), Is.EqualTo((true, 1)));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task EmptyResponseWithoutAType_HasNoneAsAHit()
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", (HttpContext context) => Results.Empty).CacheResponse("key"));
        var miss = await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(hit.Field("Cache-Status"), Does.Contain("hit"));
        Assert.That(hit.Field("Content-Type"), Is.EqualTo(miss.Field("Content-Type")).And.Null);
    }
}
