using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.RateLimiting;

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

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=user"));
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

    private static Task<HttpApp> StartAsync(Action<CacheResponseBuilder> configure, Func<string, ClaimsPrincipal>? user = null) =>
        HttpApp.StartAsync(
        app => app.MapGet("/", (HttpContext context) => Results.Json(context.User.Identity?.Name)).CacheResponse(response =>
        {
            response.Key("mine");
            configure(response);
        }),
        outer: app => app.Use((context, next) =>
        {
            var name = context.Request.Headers.Authorization.ToString() + context.Request.Headers["X-User"];
            if (name.Length > 0)
            {
                context.User = user?.Invoke(name) ?? new ClaimsPrincipal(
                    new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name), new Claim(ClaimTypes.Name, name)], "test"));
            }

            return next(context);
        }));

    [Test]
    public async Task DisplayName_IsNoUser()
    {
        await using var app = await StartAsync(response =>
            response.PerUser(), _ => new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "John Smith")], "test")));

        var response = await app.GetAsync("/", ("Authorization", "x"));

        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=user"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task SecondIdentity_CountsToo()
    {
        await using var app = await StartAsync(
            _ => { }, name => new ClaimsPrincipal([new ClaimsIdentity(), new ClaimsIdentity([new Claim("sub", name)], "test")]));

        await app.GetAsync("/");
        var alice = await app.GetAsync("/", ("X-User", "alice"));

        Assert.That(alice.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=bypass; detail=authenticated"));
        Assert.That(await alice.Content.ReadAsStringAsync(), Is.Not.EqualTo("null").Or.Empty);
        Assert.That(app.Cache.Entries, Has.Count.EqualTo(1), "the anonymous one");
    }

    private static IEnumerable<TestCaseData> Pairs()
    {
        yield return Pair("sub of two issuers", Sub("a", "1"), Sub("b", "1"));
        yield return Pair("name identifier of two issuers", Identifier("a", "1"), Identifier("b", "1"));
        yield return Pair("separators", Sub("a", "1|2"), Sub("a|1", "2"));
        yield return Pair("one of two", [.. Sub("a", "1"), .. Sub("a", "2")], Sub("a", "1"));
        yield return Pair(
            "an identity without an id", [.. Sub("a", "1"), new ClaimsIdentity([new Claim(ClaimTypes.Name, "x")], "test")], Sub("a", "1"));

        static ClaimsIdentity[] Sub(string issuer, string id) =>
            [new ClaimsIdentity([new Claim("sub", id), new Claim("iss", issuer)], "test")];
        static ClaimsIdentity[] Identifier(string issuer, string id) =>
            [new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id, null, issuer)], "test")];
        static TestCaseData Pair(string what, ClaimsIdentity[] first, ClaimsIdentity[] second) =>
            new TestCaseData(first, second).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Pairs))]
    public void DifferentCallers_HaveDifferentIds(ClaimsIdentity[] first, ClaimsIdentity[] second)
    {
        Assert.That(IdOf(first), Is.Not.EqualTo(IdOf(second)));
        Assert.That(IdOf(second), Is.Not.Null.And.EqualTo(IdOf([.. second.Select(identity => identity.Clone())])));

        static string? IdOf(ClaimsIdentity[] identities) =>
            RateLimitKeys.User(new DefaultHttpContext { User = new ClaimsPrincipal(identities) });
    }
}
