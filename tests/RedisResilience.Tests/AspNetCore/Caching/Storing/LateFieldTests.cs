using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

/// <summary>What other middleware says of a response, on either side of the cache and as late as it likes.</summary>
public sealed class LateFieldTests
{
    private static IEnumerable<TestCaseData> Refused()
    {
        foreach (var place in new[] { "outside", "inside" })
        {
            foreach (var isLate in new[] { false, true })
            {
                yield return new TestCaseData(place, isLate, "Set-Cookie", "session=1", "set-cookie");
                yield return new TestCaseData(place, isLate, "Cache-Control", "no-store", "cache-control");
                yield return new TestCaseData(place, isLate, "Cache-Control", "private", "cache-control");
                yield return new TestCaseData(place, isLate, "Vary", "Cookie", "vary");
                yield return new TestCaseData(place, isLate, "Vary", "*", "vary");
            }
        }

        yield return new TestCaseData("outside", true, "Vary", "X-Tenant", "vary");
    }

    [TestCaseSource(nameof(Refused))]
    public async Task FieldThatForbidsIt_KeepsTheResponseOut(string place, bool isLate, string name, string value, string detail)
    {
        await using var app = await StartAsync(place, (context) => Set(context, isLate, name, value));

        var response = await app.GetAsync("/");

        Assert.That(response.Field("Cache-Status"), Is.EqualTo($"RedisResilience; fwd=uri-miss; detail={detail}"));
        Assert.That(response.Field(name), Is.EqualTo(value));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task CookieOfAStartupFilter_KeepsTheResponseOut([Values] bool isRegisteredEarlier)
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => Results.Json(1)).CacheResponse("key"),
            earlier: services => Add(services, isRegisteredEarlier),
            services: services => Add(services, !isRegisteredEarlier));

        var response = await app.GetAsync("/");

        Assert.That(response.Field("Set-Cookie"), Is.EqualTo("session=1"));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=set-cookie"));
        Assert.That(app.Cache.Entries, Is.Empty);

        static void Add(IServiceCollection services, bool isHere)
        {
            if (isHere)
            {
                services.AddSingleton<IStartupFilter, CookieFilter>();
            }
        }
    }

    [Test]
    public async Task FieldOfMiddlewareOutside_IsSetAgainAndNeverTwice([Values] bool isLate)
    {
        var count = 0;
        await using var app = await StartAsync("outside", context =>
        {
            Set(context, isLate, "X-Outside", $"{++count}");
            Set(context, isLate, "Content-Language", "de");
        });

        var miss = await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(miss.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(hit.Field("X-Outside"), Is.EqualTo("2"));
        Assert.That(hit.Field("Content-Language"), Is.EqualTo("de"));
        Assert.That(app.Cache.Entries.Single().Value.Annotation, Is.Empty, "plain JSON stays the raw body");
    }

    [Test]
    public async Task FieldOfMiddlewareInside_IsStored([Values] bool isLate)
    {
        await using var app = await StartAsync("inside", context => Set(context, isLate, "X-Inside", "1"));

        await app.GetAsync("/");

        Assert.That((await app.GetAsync("/")).Field("X-Inside"), Is.EqualTo("1"));
    }

    [Test]
    public async Task FieldOutsideThatTheEndpointReplaces_IsTheEndpointsOnHitsToo()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", context =>
            {
                context.Response.Headers.CacheControl = "max-age=5";
                return context.Response.WriteAsJsonAsync(1);
            }).CacheResponse("key"),
            outer: app => Use(app, context => context.Response.Headers.CacheControl = "max-age=7"));

        await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(hit.Field("Cache-Control"), Is.EqualTo("max-age=5"));
        Assert.That(app.Cache.StoredFor, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task FieldOfAConnection_IsNotStored()
    {
        await using var app = await StartAsync("inside", context =>
        {
            context.Response.Headers.Connection = "X-Hop";
            context.Response.Headers["X-Hop"] = "1";
            context.Response.Headers["X-End"] = "1";
        });

        await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(hit.Field("X-Hop"), Is.Null);
        Assert.That(hit.Field("X-End"), Is.EqualTo("1"));
    }

    private static Task<HttpApp> StartAsync(string place, Action<HttpContext> set) => HttpApp.StartAsync(
        app =>
        {
            if (place == "inside")
            {
                Use(app, set);
            }

            app.MapGet("/", () => Results.Json(1)).CacheResponse("key");
        },
        outer: app =>
        {
            if (place == "outside")
            {
                Use(app, set);
            }
        });

    private static void Use(WebApplication app, Action<HttpContext> set) => app.Use((context, next) =>
    {
        set(context);
        return next(context);
    });

    private static void Set(HttpContext context, bool isLate, string name, string value)
    {
        if (!isLate)
        {
            context.Response.Headers[name] = value;
            return;
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers[name] = value;
            return Task.CompletedTask;
        });
    }

    // Stands before all middleware of the application.
    private sealed class CookieFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, after) =>
            {
                Set(context, isLate: true, "Set-Cookie", "session=1");
                return after(context);
            });
            next(app);
        };
    }
}
