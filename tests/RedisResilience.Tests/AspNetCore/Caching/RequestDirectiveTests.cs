using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>What requests wish of a stored response: heard only where the endpoint hears them.</summary>
public sealed class RequestDirectiveTests
{
    // The entry is 10 s old and lives 42 s more.
    [TestCase("no-cache", false)]
    [TestCase("max-age=9", false)]
    [TestCase("max-age=10", true)]
    [TestCase("max-age=9, max-stale=1", true)]
    [TestCase("max-age=8, max-stale=1", false)]
    [TestCase("min-fresh=43", false)]
    [TestCase("min-fresh=42", true)]
    [TestCase("max-stale", true)]
    public async Task FreshResponse_IsServedIfItIsWhatIsWished(string wish, bool isServed)
    {
        await using var app = await StartAsync(isHeard: true);
        app.Cache.Remaining = TimeSpan.FromSeconds(42);
        app.Cache.Put("key", new FakeEntry(Encoding.UTF8.GetBytes("1")) { Age = TimeSpan.FromSeconds(10) });

        Assert.That((await app.GetAsync("/", ("Cache-Control", wish))).Field("Cache-Status")!.Contains("; hit"), Is.EqualTo(isServed));
    }

    // The entry is 70 s old and was fresh for the default of 60 s, or for what it says.
    [TestCase("max-stale", "", true)]
    [TestCase("max-stale=10", "", true)]
    [TestCase("max-stale=9", "", false)]
    [TestCase("max-stale=10, no-cache", "", false)]
    [TestCase("max-stale=10, min-fresh=1", "", false)]
    [TestCase("max-stale=60, max-age=9", "", false)]
    [TestCase("max-stale=60, max-age=10", "", true)]
    [TestCase("max-stale=29", "200\nCache-Control: max-age=40\n", false)]
    [TestCase("max-stale=30", "200\nCache-Control: max-age=40\n", true)]
    [TestCase("max-stale=30", "200\nCache-Control: max-age=50\nAge: 10\n", true)]
    [TestCase("max-stale", "200\nCache-Control: max-age=40, must-revalidate\n", false)]
    [TestCase("max-stale", "200\nCache-Control: s-maxage=40\n", false)]
    [TestCase("max-stale=10", "200\nExpires: Mon, 30 Nov 2026 10:00:00 GMT\n", false)]
    [TestCase("max-age=100", "", false)]
    public async Task StaleResponse_IsServedToWhoTakesIt(string wish, string annotation, bool isServed)
    {
        await using var app = await StartAsync(isHeard: true);
        app.Cache.Put("key", new FakeEntry(Encoding.UTF8.GetBytes("1"))
        {
            Age = TimeSpan.FromSeconds(70),
            IsStale = true,
            Annotation = Encoding.ASCII.GetBytes(annotation),
        });

        var response = await app.GetAsync("/", ("Cache-Control", wish));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(isServed ? "1" : "new"));
        Assert.That(
            response.Field("Cache-Status"), Does.StartWith(isServed ? "RedisResilience; hit; detail=stale" : "RedisResilience; fwd=stale"));
    }

    [TestCase("no-cache", false)]
    [TestCase("max-stale", true)]
    public async Task ByDefault_NobodyIsHeard(string wish, bool isStale)
    {
        await using var app = await StartAsync(isHeard: false);
        app.Cache.Put("key", new FakeEntry(Encoding.UTF8.GetBytes("1")) { Age = TimeSpan.FromSeconds(70), IsStale = isStale });

        var response = await app.GetAsync("/", ("Cache-Control", wish));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(isStale ? "new" : "1"));
    }

    [TestCase("no-cache")]
    [TestCase("max-age=9")]
    public async Task FailingEndpoint_LeavesWhatIsStored(string wish)
    {
        foreach (var isThrown in new[] { false, true })
        {
            await using var app = await StartAsync(context =>
            {
                context.Response.StatusCode = isThrown ? throw new InvalidOperationException("away") : 503;
                return Task.CompletedTask;
            });
            app.Cache.Put("key", new FakeEntry(Encoding.UTF8.GetBytes("1")) { Age = TimeSpan.FromSeconds(10) });

            var response = await Caught(app.GetAsync("/", ("Cache-Control", wish)));

            Assert.That(response?.Field("Cache-Status"), Is.EqualTo(isThrown ? null : "RedisResilience; fwd=request; detail=status"));
            Assert.That(await (await app.GetAsync("/")).Content.ReadAsStringAsync(), Is.EqualTo("1"));
        }
    }

    [Test]
    public async Task NewAnswer_TakesThePlaceOfTheOldOne()
    {
        var reached = 0;
        await using var app = await StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($"{++reached}0");
        });
        app.Cache.Put("key", new FakeEntry(Encoding.UTF8.GetBytes("1")) { Age = TimeSpan.FromSeconds(10) });

        var wished = await app.GetAsync("/", ("Cache-Control", "no-cache"));
        var next = await app.GetAsync("/");

        Assert.That(wished.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=request; detail=pass"));
        Assert.That(await wished.Content.ReadAsStringAsync(), Is.EqualTo("10"));
        Assert.That(await next.Content.ReadAsStringAsync(), Is.EqualTo("20"));
        Assert.That(next.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
    }

    private static async Task<HttpResponseMessage?> Caught(Task<HttpResponseMessage> asking)
    {
        await asking.ContinueWith(_ => { }, TaskScheduler.Default);
        return asking.IsCompletedSuccessfully ? await asking : null;
    }

    private static Task<HttpApp> StartAsync(RequestDelegate endpoint) => HttpApp.StartAsync(
        app => app.MapGet("/", endpoint).CacheResponse(response => response.Key("key").HonorRequestDirectives()));

    private static Task<HttpApp> StartAsync(bool isHeard) => HttpApp.StartAsync(app => app
        .MapGet("/", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("new");
        })
        .CacheResponse(response =>
        {
            response.Key("key");
            if (isHeard)
            {
                response.HonorRequestDirectives();
            }
        }));
}
