using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace RedisResilience.Tests.AspNetCore.Registration;

/// <summary>Mistakes that stop the start: each error says what to do.</summary>
public sealed class EndpointRulesTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Mistake("the same key", app =>
        {
            var group = app.MapGroup("/g").CacheResponse("g:v1:x");
            group.MapGet("/a", () => 1);
            group.MapGet("/b", () => 2);
        });
        yield return Mistake("the same key", app =>
        {
            app.MapGet("/a/{id}", (int id) => id).CacheResponse("x:{id}");
            app.MapGet("/b/{name}", (string name) => name).CacheResponse("x:{name}");
        });
        yield return Mistake("no parameter of the route", app => app.MapGet("/a/{id}", (int id) => id).CacheResponse("x:{symbol}"));
        yield return Mistake("no parameter of the route", app =>
            app.MapGet("/a/{id}", (int id) => id).CacheResponse(response => response.Key("x:{id}").Tags("t:{symbol}")));
        yield return Mistake(
            "VaryByQuery(\"page\")", app => app.MapGet("/a/{id}", (int id, int? page) => id + page).CacheResponse("x:{id}"));
        yield return Mistake("VaryByHeader(\"x-tenant\")", app =>
            app.MapGet("/", ([FromHeader(Name = "X-Tenant")] string tenant) => tenant).CacheResponse("x"));
        yield return Mistake(
            "is a secret", app => app.MapGet("/", ([FromHeader(Name = "Cookie")] string cookie) => cookie).CacheResponse(_ => { }));

        yield return Mistake("ShortCircuit()", app => app.MapGet("/", () => 1).RequireRateLimit().ShortCircuit());
        yield return Mistake("ShortCircuit()", app => app.MapGet("/", () => 1).CacheResponse("x").ShortCircuit());

        static TestCaseData Mistake(string says, Action<WebApplication> map) => new(says, map);
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_StopsTheStart(string says, Action<WebApplication> map) =>
        Assert.That(() => HttpApp.StartAsync(map), Throws.InvalidOperationException.With.Message.Contains(says));

    [Test]
    public async Task WhatIsMeant_IsNoMistake()
    {
        var handler = (int id) => id;
        await using var app = await HttpApp.StartAsync(app =>
        {
            app.MapGet("/v1/{id}", handler).CacheResponse("same:{id}");
            app.MapGet("/v2/{id}", handler).CacheResponse("same:{id}");
            app.MapGet("/c/{id}", (int id) => id).CacheResponse(response => response.Key("shared:{id}").ShareEntries());
            app.MapGet("/d/{id}", (int id) => id).CacheResponse(response => response.Key("shared:{id}").ShareEntries());
            app.MapGet("/e/{id}", (int id, int? trace) => id).CacheResponse(response => response.Key("e:{id}").NotVaryBy("trace"));
            app.MapGet("/f/{id?}", (int? id) => id ?? 0).CacheResponse("f:{id}");
            app.MapPost("/g", () => 1).CacheResponse("e:{id}");
        });

        Assert.That(await app.Client.GetStringAsync("/e/1?trace=2"), Is.EqualTo("1"));
    }

    [Test]
    public void BeforeRouting_StopsTheStart() => Assert.That(
        () => HttpApp.StartAsync(
            app =>
            {
                app.UseRedisResilience();
                app.UseRouting();
                app.MapGet("/", () => 1).RequireRateLimit();
            },
            middleware: false),
        Throws.InvalidOperationException.With.Message.Contains("before app.UseRouting()"));

    [Test]
    public void AfterTheEndpoints_StopsTheStart() => Assert.That(
        () => HttpApp.StartAsync(
            app =>
            {
                app.UseRouting();
#pragma warning disable ASP0014 // The endpoints stand before the middleware on purpose here.
                app.UseEndpoints(endpoints => endpoints.MapGet("/", () => 1).RequireRateLimit());
#pragma warning restore ASP0014
                app.UseRedisResilience();
            },
            middleware: false),
        Throws.InvalidOperationException.With.Message.Contains("after the endpoints"));

    [Test]
    public async Task Twice_IsOnce()
    {
        await using var app = await HttpApp.StartAsync(app =>
        {
            app.UseRedisResilience();
            app.MapGet("/", () => 1).RequireRateLimit().CacheResponse("key");
        });

        var response = await app.GetAsync("/").WaitAsync(Patience.Limit);

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task BranchThatJoinsAgain_IsPassedOnce()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.UseRouting();
                app.UseWhen(_ => true, branch => branch.UseRedisResilience());
                app.UseRedisResilience();
                app.MapGet("/", () => 1).RequireRateLimit().CacheResponse("key");
            },
            middleware: false);

        Assert.That(
            (await app.GetAsync("/").WaitAsync(Patience.Limit)).Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RequestThatIsRunOnceMore_IsChargedOnce()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/", IResult () => throw new InvalidOperationException()).RequireRateLimit();
                app.MapGet("/none", () => Results.NotFound()).RequireRateLimit();
                app.MapGet("/error", () => "sorry").RequireRateLimit().CacheResponse("error");
            },
            outer: app =>
            {
                app.UseExceptionHandler("/error");
                app.UseStatusCodePagesWithReExecute("/error");
            });

        Assert.That(await (await app.GetAsync("/")).Content.ReadAsStringAsync(), Is.EqualTo("sorry"));
        Assert.That(await (await app.GetAsync("/none")).Content.ReadAsStringAsync(), Is.EqualTo("sorry"));
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(2));
        Assert.That(app.Cache.Entries, Is.Empty, "the page of a request that failed is nobody else's");
    }
}
