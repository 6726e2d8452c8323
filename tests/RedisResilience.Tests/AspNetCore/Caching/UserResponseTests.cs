using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>Responses to somebody: kept for nobody, unless the application says for whom.</summary>
public sealed class UserResponseTests
{
    [Test]
    public async Task EachUser_HasAnEntryOfItsOwn()
    {
        await using var app = await StartAsync(response => response.PerUser());

        var alice = await app.GetAsync("/", ("Authorization", "alice"));
        var bob = await app.GetAsync("/", ("Authorization", "bob"));
        var again = await app.GetAsync("/", ("Authorization", "alice"));

        Assert.That(alice.Field("Cache-Status"), Does.EndWith("; stored"));
        Assert.That(await bob.Content.ReadAsStringAsync(), Is.EqualTo("\"bob\""));
        Assert.That(again.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo("\"alice\""));
        Assert.That(new[] { alice, again }.Select(response => response.Field("Cache-Control")), Is.All.EqualTo("private"));
        Assert.That(app.Cache.Entries.Keys, Has.Count.EqualTo(2).And.None.Contains("alice"));
    }

    [Test]
    public async Task Nobody_IsNotCachedWhereEachUserIs()
    {
        await using var app = await StartAsync(response => response.PerUser());

        var response = await app.GetAsync("/");

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=key"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task SharedResponse_IsGivenToAllUsersWhenAsked()
    {
        await using var app = await StartAsync(response => response.ForAllUsers());

        await app.GetAsync("/", ("Authorization", "alice"));
        var bob = await app.GetAsync("/", ("Authorization", "bob"));

        Assert.That(bob.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(await bob.Content.ReadAsStringAsync(), Is.EqualTo("\"alice\""));
    }

    private static Task<HttpApp> StartAsync(Action<CacheResponseBuilder> configure) => HttpApp.StartAsync(
        app => app.MapGet("/", (HttpContext context) => Results.Json(context.User.Identity?.Name)).CacheResponse(response =>
        {
            response.Key("mine");
            configure(response);
        }),
        outer: app => app.Use((context, next) =>
        {
            if (context.Request.Headers.Authorization is [{ } name])
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "test"));
            }

            return next(context);
        }));
}
