using System.Net;
using Microsoft.AspNetCore.Builder;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>No two limits count together unless the application says so, and what is nearer to an endpoint counts.</summary>
public sealed class KeySpaceTests
{
    private static readonly FixedWindow Five = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));
    private static readonly FixedWindow Hundred = RateLimit.FixedWindow(100, TimeSpan.FromMinutes(1));

    [Test]
    public async Task UnnamedLimits_CountApart()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/a", () => "").RequireRateLimit(Five);
                app.MapGet("/b", () => "").RequireRateLimit(Hundred);
                app.MapGet("/user", () => "").RequireRateLimit(new RateLimitPolicy(Five) { Key = _ => "user:alice" });
                app.MapGet("/named", () => "").RequireRateLimit("user");
                app.MapGet("/default", () => "").RequireRateLimit();
                var group = app.MapGroup("/g").RequireRateLimit(Five);
                group.MapGet("/1", () => "");
                group.MapGet("/2", () => "");
            },
            options => options.AddPolicy("user", Five, _ => "alice"));

        foreach (var path in new[] { "/a", "/b", "/user", "/named", "/default", "/g/1", "/g/2" })
        {
            Assert.That(
                (await app.GetAsync(path)).Field("RateLimit-Policy"), Does.StartWith(path == "/named" ? "\"user\"" : "\"default\""));
        }

        var keys = app.Limiter.Asked.Select(asked => asked.Limit.Name is null ? asked.Key : $"{asked.Limit.Name}:{asked.Key}").ToArray();
        Assert.That(keys[..6], Is.Unique);
        Assert.That(keys[6], Is.EqualTo(keys[5]), "a group's limit is one");
        Assert.That(keys[4], Is.EqualTo("unknown"), "the default policy's key is the bare address");
        Assert.That(keys[3], Is.EqualTo("user:alice"));
    }

    [Test]
    public async Task NearerWord_Counts()
    {
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                var group = app.MapGroup("").RequireRateLimit("api").RequireRateLimit(Hundred);
                group.MapGet("/cost", () => "").RequireRateLimit("api", cost: 20);
                group.MapGet("/limit", () => "").RequireRateLimit(Five);
                group.MapGet("/attribute", [RateLimit("api", Cost = 7)] () => "");
                group.MapGet("/off", [DisableRateLimit] () => "");
            },
            options => options.AddPolicy("api", Hundred));

        await app.GetAsync("/cost");
        Assert.That(
            app.Limiter.Asked.Select(asked => (asked.Limit.Permits, asked.Permits)), Is.EquivalentTo(new[] { (100, 20), (100, 1) }));
        app.Limiter.Asked.Clear();
        await app.GetAsync("/limit");
        Assert.That(app.Limiter.Asked.Select(
            asked => (asked.Limit.Name == "api", asked.Limit.Permits)), Is.EquivalentTo(new[] { (true, 100), (false, 5) }));
        app.Limiter.Asked.Clear();
        await app.GetAsync("/attribute");
        Assert.That(app.Limiter.Asked.Select(asked => asked.Permits), Is.EquivalentTo(new[] { 7, 1 }));
        app.Limiter.Asked.Clear();
        await app.GetAsync("/off");
        Assert.That(app.Limiter.Asked, Is.Empty);
    }

    [TestCase("64:ff9b::102:304", "1.2.3.4")]
    [TestCase("::ffff:1.2.3.4", "1.2.3.4")]
    [TestCase("2001:db8::1", "2001:db8::/64")]
    public void TranslatedAddress_IsTheIPv4AddressWithin(string address, string key) =>
        Assert.That(ClientAddress.Key(IPAddress.Parse(address), 64), Is.EqualTo(key));

    [Test]
    public async Task CacheAttribute_Caches()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/{id}", [CacheResponse("a:{id}", Duration = 5, Tags = ["t:{id}"])] (int id) => id));

        await app.GetAsync("/1");

        Assert.That(app.Cache.Entries.Keys, Is.EqualTo(new[] { "a:1" }));
        Assert.That(app.Cache.StoredFor, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(app.Cache.Options!.Tags, Is.EqualTo(new[] { "t:1" }));
    }
}
