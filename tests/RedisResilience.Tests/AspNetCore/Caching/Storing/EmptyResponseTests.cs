using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

/// <summary>Responses without a body: whoever stands further out may say something of them when the endpoint has returned.</summary>
public sealed class EmptyResponseTests
{
    private int _reached;

    [Test]
    public async Task FieldSetAfterwardsOutside_IsThereAndNotStored([Values(200, 204, 404)] int status)
    {
        await using var app = await StartAsync(
            context => context.Response.StatusCode = status, after: context => context.Response.Headers["X-Outside"] = $"{_reached}");

        var miss = await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(miss.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(new[] { miss, hit }.Select(response => response.Field("X-Outside")), Is.All.EqualTo("1"));
        Assert.That(new[] { miss, hit }.Select(response => (int)response.StatusCode), Is.All.EqualTo(status));
        Assert.That(Fields(app), Does.Not.ContainKey("X-Outside"));
        Assert.That(_reached, Is.EqualTo(1));
    }

    [TestCase("Set-Cookie", "session=1", "set-cookie")]
    [TestCase("Cache-Control", "no-store", "cache-control")]
    [TestCase("Cache-Control", "private", "cache-control")]
    [TestCase("Vary", "*", "vary")]
    public async Task FieldSetAfterwardsOutside_KeepsTheResponseOut(string name, string value, string detail)
    {
        foreach (var status in new[] { 200, 204, 404 })
        {
            await using var app = await StartAsync(
                context => context.Response.StatusCode = status, after: context => context.Response.Headers[name] = value);

            var response = await app.GetAsync("/");

            Assert.That(response.Field("Cache-Status"), Is.EqualTo($"RedisResilience; fwd=uri-miss; detail={detail}"), $"{status}");
            Assert.That(response.Field(name), Is.EqualTo(value), $"{status}");
            Assert.That(app.Cache.Entries, Is.Empty, $"{status}");
        }
    }

    [Test]
    public async Task FieldsInside_AreStoredAsTheyWereThere()
    {
        await using var app = await StartAsync(
            context =>
            {
                context.Response.StatusCode = 204;
                context.Response.Headers["X-Own"] = "own";
                context.Response.Headers["X-Changed"] = "own";
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers["X-Late"] = "late";
                    context.Response.Headers.Remove("X-Gone");
                    return Task.CompletedTask;
                });
                context.Response.Headers["X-Gone"] = "own";
            },
            after: context =>
            {
                context.Response.Headers["X-Changed"] = "outside";
                context.Response.Headers.Append("X-Own", "outside");
            });

        await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(Fields(app), Is.EquivalentTo(new Dictionary<string, StringValues>
        {
            ["X-Own"] = "own",
            ["X-Changed"] = "own",
            ["X-Late"] = "late",
        }));
        Assert.That(hit.Field("X-Own"), Is.EqualTo("own, outside"));
        Assert.That(hit.Field("X-Changed"), Is.EqualTo("outside"));
    }

    [Test]
    public async Task StatusChangedOutside_KeepsTheResponseOut()
    {
        await using var app = await StartAsync(
            context => context.Response.StatusCode = 404, after: context => context.Response.StatusCode = 410);

        var response = await app.GetAsync("/");

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=status"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task BodyWrittenOutside_IsWholeOnHitsToo()
    {
        await using var app = await StartAsync(_ => { }, afterAsync: context => context.Response.WriteAsync("page"));

        var bodies = new[] { await ReadAsync(), await ReadAsync() };

        Assert.That(bodies, Is.All.EqualTo("page"));

        async Task<string> ReadAsync() => await (await app.GetAsync("/")).Content.ReadAsStringAsync();
    }

    [Test]
    public async Task ExceptionOutside_LeavesNobodyWaiting()
    {
        await using var app = await StartAsync(
            context => context.Response.StatusCode = 204,
            after: _ => throw new InvalidOperationException("outside"),
            handles: true);

        await app.GetAsync("/");
        var second = await app.GetAsync("/").WaitAsync(Patience.Limit);

        Assert.That((int)second.StatusCode, Is.EqualTo(500));
        Assert.That(_reached, Is.EqualTo(2));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task Waiter_IsGivenTheResponseWhenItHasStarted()
    {
        var (gate, returned) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await StartAsync(
            context => context.Response.StatusCode = 404,
            afterAsync: async _ =>
            {
                returned.TrySetResult();
                await gate.Task;
            });
        var first = app.GetAsync("/");
        await returned.Task.WaitAsync(Patience.Limit);
        var second = app.GetAsync("/");
        Assert.That(() => app.Cache.Waiting, Is.EqualTo(1).After(5000, 5));

        gate.SetResult();

        Assert.That((await first).Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That((await second).Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; collapsed"));
        Assert.That(_reached, Is.EqualTo(1));
    }

    private static Dictionary<string, StringValues> Fields(HttpApp app) =>
        HttpAnnotation.Read(app.Cache.Entries.Single().Value.Annotation);

    private Task<HttpApp> StartAsync(
        Action<HttpContext> endpoint,
        Action<HttpContext>? after = null,
        Func<HttpContext, Task>? afterAsync = null,
        bool handles = false) =>
        HttpApp.StartAsync(
            app => app.MapGet("/", context =>
            {
                _reached++;
                endpoint(context);
                return Task.CompletedTask;
            }).CacheResponse(response => response.Key("key")
                .Status(204, TimeSpan.FromMinutes(1)).Status(404, TimeSpan.FromMinutes(1)).Status(410, TimeSpan.FromMinutes(1))),
            outer: app =>
            {
                if (handles)
                {
                    app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("error")));
                }

                app.Use(async (context, next) =>
                {
                    await next(context);
                    Assert.That(context.Response.HasStarted, Is.False);
                    after?.Invoke(context);
                    await (afterAsync?.Invoke(context) ?? Task.CompletedTask);
                });
            });
}
