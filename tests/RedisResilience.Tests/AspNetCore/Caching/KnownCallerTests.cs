using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>What callers with credentials are answered: theirs, unless the endpoint says that it is for everybody.</summary>
public sealed class KnownCallerTests
{
    private static readonly (string Name, string Value) Bearer = ("Authorization", "Bearer x");
    private static readonly (string Name, string Value) SignedIn = ("X-User", "alice");

    private int _reached;

    [Test]
    public async Task ResponseForEverybody_IsStoredAndGivenToAll(
        [Values("public, max-age=60", "s-maxage=60", "max-age=60, must-revalidate")] string control, [Values] bool isSignedIn)
    {
        await using var app = await StartAsync(_ => control);
        var known = isSignedIn ? SignedIn : Bearer;

        var first = await app.GetAsync("/", known);
        var again = await app.GetAsync("/", known);
        var anonymous = await app.GetAsync("/");

        Assert.That(first.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(again.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(anonymous.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(_reached, Is.EqualTo(1));
    }

    [TestCase("max-age=60", "authorization")]
    [TestCase("", "authorization")]
    [TestCase("public, no-store", "cache-control")]
    [TestCase("private, must-revalidate", "cache-control")]
    public async Task OtherResponse_IsNotStored(string control, string detail)
    {
        await using var app = await StartAsync(_ => control);

        var response = await app.GetAsync("/", Bearer);

        Assert.That(response.Field("Cache-Status"), Is.EqualTo($"RedisResilience; fwd=uri-miss; detail={detail}"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task WhatMiddlewareOutsideCallsPublic_IsNotForEverybody()
    {
        await using var app = await StartAsync(_ => "", outside: "public, max-age=60");

        var response = await app.GetAsync("/", Bearer);

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=authorization"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task ResponseToNobodyInParticular_IsNotGivenToWhoIsKnown()
    {
        await using var app = await StartAsync(_ => "public, max-age=60");
        await app.GetAsync("/");

        var known = await app.GetAsync("/", Bearer);

        Assert.That(known.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=authorization"));
        Assert.That(await known.Content.ReadAsStringAsync(), Is.EqualTo("2"));
    }

    [Test]
    public async Task ResponsesOfTheirOwn_KeepNobodyElseFromBeingCached()
    {
        await using var app = await StartAsync(context => context.Request.Headers.Authorization.Count > 0 ? "private" : "");
        await app.GetAsync("/", Bearer);

        var anonymous = await app.GetAsync("/");

        Assert.That(anonymous.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
    }

    [Test]
    public async Task EndpointThatHasNothingForEverybody_IsNotAskedForTheClusterAnyMore()
    {
        var control = "private";
        await using var app = await StartAsync(_ => control);
        for (var request = 0; request < 8; request++)
        {
            await app.GetAsync("/", Bearer);
        }

        app.Cache.Read.Clear();
        var bypassed = await app.GetAsync("/", Bearer);
        var read = app.Cache.Read.Count;
        control = "public";
        var heard = await app.GetAsync("/", Bearer);
        var stored = await app.GetAsync("/", Bearer);

        Assert.That(bypassed.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=authorization"));
        Assert.That(read, Is.Zero);
        Assert.That(heard.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=authorization"));
        Assert.That(stored.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
    }

    [Test]
    public async Task EndpointThatIsAuthorizedBehindTheCache_KeepsItsResponsesToItself([Values] bool isBehind)
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                if (isBehind)
                {
                    app.UseAuthorization();
                }

                app.MapGet("/", context =>
                {
                    context.Response.Headers.CacheControl = "public";
                    return context.Response.WriteAsJsonAsync(1);
                }).CacheResponse("key").RequireAuthorization();
            },
            services: services => services.AddAuthorization(),
            outer: app =>
            {
                SignIn(app);
                if (!isBehind)
                {
                    app.UseAuthorization();
                }
            });

        var response = await app.GetAsync("/", SignedIn);

        Assert.That(response.Field("Cache-Status"), Is.EqualTo(
            isBehind ? "RedisResilience; fwd=bypass; detail=authenticated" : "RedisResilience; fwd=uri-miss; stored"));
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(isBehind ? 0 : 1));
    }

    private static void SignIn(WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Headers["X-User"] is [{ } name])
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", name)], "test"));
        }

        return next(context);
    });

    private Task<HttpApp> StartAsync(Func<HttpContext, string> control, string outside = "") => HttpApp.StartAsync(
        app => app.MapGet("/", context =>
        {
            if (control(context) is { Length: > 0 } value)
            {
                context.Response.Headers.CacheControl = value;
            }

            return context.Response.WriteAsJsonAsync(++_reached);
        }).CacheResponse("key"),
        outer: app =>
        {
            SignIn(app);
            app.Use((context, next) =>
            {
                if (outside.Length > 0)
                {
                    context.Response.Headers.CacheControl = outside;
                }

                return next(context);
            });
        });
}
