using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>Who is limited, by what, at what cost, and who is not.</summary>
public sealed class PolicyTests
{
    private static readonly FixedWindow FiveAMinute = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

    [Test]
    public async Task NamedPolicy_NamesItsLimitAndCountsByItsKey()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit("login"),
            options => options.AddPolicy("login", FiveAMinute, context => context.Request.Headers["X-User"]));

        var response = await app.GetAsync("/", ("X-User", "alice"));
        await app.GetAsync("/");

        Assert.That(response.Field("RateLimit-Policy"), Is.EqualTo("\"login\";q=5;w=60"));
        Assert.That(app.Limiter.Asked, Is.EqualTo(new[] { (
            "alice", (RateLimit)(FiveAMinute with { Name = "login" }), 1), ("address:unknown", FiveAMinute with { Name = "login" }, 1) }));
    }

    [TestCase("1.2.3.4", "1.2.3.4")]
    [TestCase("2001:db8:1:abcd::1", "2001:db8:1:ab00::/56")]
    public async Task AddressPolicy_CountsTheClientsNetwork(string client, string key)
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit(), options => options.IPv6PrefixLength = 56, client: IPAddress.Parse(client));

        await app.GetAsync("/", ("X-Forwarded-For", "9.9.9.9"), ("Forwarded", "for=9.9.9.9"));

        Assert.That(app.Limiter.Asked.Single().Key, Is.EqualTo(key));
    }

    [Test]
    public async Task KeyFunctions_FindTheirKeys()
    {
        var user = new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "42"), new Claim("tenant", "acme")], "test"));
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/user", () => "").RequireRateLimit(new RateLimitPolicy(FiveAMinute) { Key = RateLimitKeys.User });
                app.MapGet("/claim", () => "").RequireRateLimit(new RateLimitPolicy(FiveAMinute) { Key = RateLimitKeys.Claim("tenant") });
                app.MapGet("/route/{tenant}", () => "").RequireRateLimit(
                    new RateLimitPolicy(FiveAMinute) { Key = RateLimitKeys.RouteValue("tenant") });
                app.MapGet(
                    "/header", () => "").RequireRateLimit(new RateLimitPolicy(FiveAMinute) { Key = RateLimitKeys.Header("X-Api-Key") });
            },
            outer: outer => outer.Use((context, next) =>
            {
                context.User = context.Request.Headers.ContainsKey("X-Signed-In")
                    ? user
                    : new ClaimsPrincipal(new ClaimsIdentity(user.Claims));
                return next(context);
            }));

        await app.GetAsync("/user", ("X-Signed-In", "yes"));
        await app.GetAsync("/claim", ("X-Signed-In", "yes"));
        await app.GetAsync("/route/ACME");
        await app.GetAsync("/header", ("X-Api-Key", "secret"));
        await app.GetAsync("/user");
        await app.GetAsync("/claim");
        await app.GetAsync("/header");

        Assert.That(app.Limiter.Asked.Select(asked => asked.Key), Is.EqualTo(new[]
        {
            "42", "acme", "acme", PartitionKey.Hash("secret"), "address:unknown", "address:unknown", "address:unknown",
        }));
    }

    [Test]
    public async Task Cost_IsTheEndpointsElseThePolicysElseOne()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/plain", () => "").RequireRateLimit("plain");
                app.MapGet("/policy", () => "").RequireRateLimit("weighed");
                app.MapGet("/constant", () => "").RequireRateLimit("weighed", cost: 0);
                app.MapGet("/function", () => "").RequireRateLimit(
                    "weighed", context => int.Parse(context.Request.Query["n"]!, CultureInfo.InvariantCulture));
            },
            options => options.AddPolicy("plain", FiveAMinute).AddPolicy("weighed", new RateLimitPolicy(FiveAMinute) { Cost = _ => 2 }));

        await app.GetAsync("/plain");
        await app.GetAsync("/policy");
        await app.GetAsync("/constant");
        await app.GetAsync("/function?n=4");

        Assert.That(app.Limiter.Asked.Select(asked => asked.Permits), Is.EqualTo(new[] { 1, 2, 0, 4 }));
        Assert.That(async () => await app.GetAsync(
            "/function?n=-1"), Throws.InstanceOf<ArgumentOutOfRangeException>(), "a request must not be able to earn permits");
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Exempt_ByPredicateByAddressAndByWord_IsNotAsked()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                var group = app.MapGroup("").RequireRateLimit("some");
                group.MapGet("/", () => "");
                group.MapGet("/free", () => "").DisableRateLimit();
            },
            options => options.AddPolicy(
                "some", new RateLimitPolicy(FiveAMinute) { IsExempt = context => context.Request.Query.ContainsKey("free") }));
        await using var trusted = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit(), options =>
                options.ExemptAddresses.Add("10.0.0.0/8"), client: IPAddress.Parse("::ffff:10.0.0.7"));

        foreach (var response in new[] { await app.GetAsync("/?free"), await app.GetAsync("/free"), await trusted.GetAsync("/") })
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Field("RateLimit-Policy"), Is.Null);
        }

        Assert.That(app.Limiter.Asked.Concat(trusted.Limiter.Asked), Is.Empty);
        await app.GetAsync("/");
        Assert.That(app.Limiter.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task LimitOfATenant_ComesFromServicesAndHoldsFromTheNextRequest()
    {
        var limits =
            new Dictionary<string, RateLimit?> { ["acme"] = RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1)), ["unlimited"] = null };
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/{tenant}", () => "").RequireRateLimit("tenant"),
            options => options.AddPolicy("tenant", new RateLimitPolicy(
                context => context.RequestServices
                    .GetRequiredService<Dictionary<string, RateLimit?>>()[(string)context.Request.RouteValues["tenant"]!])
            {
                Key = RateLimitKeys.RouteValue("tenant"),
            }),
            services: services => services.AddSingleton(limits));

        Assert.That((await app.GetAsync("/acme")).Field("RateLimit-Policy"), Is.EqualTo("\"tenant\";q=10;w=60"));
        limits["acme"] = RateLimit.FixedWindow(20, TimeSpan.FromSeconds(1));
        Assert.That((await app.GetAsync("/acme")).Field("RateLimit-Policy"), Is.EqualTo("\"tenant\";q=20;w=1"));
        Assert.That((await app.GetAsync("/unlimited")).Field("RateLimit-Policy"), Is.Null);
        Assert.That(app.Limiter.Asked.Select(asked => (asked.Key, asked.Limit.Name, asked.Limit.Permits)), Is.EqualTo(
            new[] { ("acme", "tenant", 10), ("acme", "tenant", 20) }));
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a\"b")]
    [TestCase("a\\b")]
    [TestCase("a\r\nSet-Cookie: b")]
    [TestCase("ä")]
    public void PolicyName_IsRefusedBeforeItGetsIntoAField(string name) => Assert.That(
        () => new RedisResilience.AspNetCore.RedisResilienceHttpOptions().AddPolicy(
            name, new RateLimitPolicy(_ => null)), Throws.InstanceOf<ArgumentException>());
}
