using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.RateLimiting;
using RedisResilience.Tests.Documentation;

namespace RedisResilience.Tests.AspNetCore.Mvc;

/// <summary>The page on MVC and Razor, run: attributes on controllers, actions, Razor pages and minimal APIs do what they say.</summary>
public sealed class AttributeTests
{
    private HttpApp _app = null!;

    [SetUp]
    public async Task Start() => _app = await HttpApp.StartAsync(
        app =>
        {
            app.MapControllers();
            app.MapRazorPages();
            app.MapGet("/token", (HttpContext context, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(context).RequestToken);
            MvcExamples.Minimal(app);
        },
        options => options
            .AddPolicy("reads", RateLimit.TokenBucket(50, TimeSpan.FromSeconds(1)))
            .AddPolicy("exports", RateLimit.FixedWindow(100, TimeSpan.FromHours(1))),
        services: services =>
        {
            services.AddControllers().AddApplicationPart(typeof(AttributeTests).Assembly);
            services.AddRazorPages().ConfigureApplicationPartManager(manager => manager.ApplicationParts.Add(new QuotePage.Part()));
        });

    [TearDown]
    public ValueTask Stop() => _app.DisposeAsync();

    [TestCase("/api/quotes/AAPL", "quotes:v1:AAPL", Description = "an action with a key of its own")]
    [TestCase("/pages/AAPL", null, Description = "a Razor page")]
    [TestCase("/minimal/AAPL", null, Description = "a minimal API")]
    public async Task AttributeOfAnEndpoint_LimitsAndCaches(string path, string? key)
    {
        var miss = await _app.GetAsync(path);
        var hit = await _app.GetAsync(path);

        Assert.That(miss.Field("Cache-Status"), Does.EndWith("; stored"), await miss.Content.ReadAsStringAsync());
        Assert.That(hit.Field("Cache-Status"), Does.Contain("; hit"));
        Assert.That(await hit.Content.ReadAsStringAsync(), Is.EqualTo(await miss.Content.ReadAsStringAsync()));
        Assert.That(_app.Limiter.Asked.Select(asked => asked.Limit.Name), Is.EqualTo(new[] { "reads", "reads" }));
        Assert.That(_app.Cache.Entries.Keys.Single(), Does.Contain(key ?? "AAPL"));
    }

    [Test]
    public async Task PostToAPage_RemovesWhatIsStoredOfIt()
    {
        var first = await _app.GetAsync("/notes/1");
        var text = await first.Content.ReadAsStringAsync() + " and more";
        var token = await _app.GetAsync("/token");

        var posted = await _app.SendAsync(
            HttpMethod.Post,
            $"/notes/1?text={Uri.EscapeDataString(text)}",
            ("Cookie", token.Headers.GetValues("Set-Cookie").Single().Split(';')[0]),
            ("RequestVerificationToken", await token.Content.ReadAsStringAsync()));
        Assert.That(posted.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        var response = await _app.GetAsync("/notes/1");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(text));
        Assert.That(response.Field("Cache-Status"), Does.EndWith("; stored"));
    }

    [Test]
    public async Task BoundQuery_IsInTheKeyThatIsMade()
    {
        var first = await _app.GetAsync("/api/quotes?page=1&other=1");
        var second = await _app.GetAsync("/api/quotes?page=2");
        var again = await _app.GetAsync("/api/quotes?page=1&other=2");

        Assert.That(await second.Content.ReadAsStringAsync(), Is.Not.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(again.Field("Cache-Status"), Does.Contain("; hit"));
    }

    [Test]
    public async Task PolicyOfAnAction_HoldsBesideItsControllers()
    {
        await _app.SendAsync(HttpMethod.Post, "/api/quotes/export");

        Assert.That(
            _app.Limiter.Asked.Select(asked => (asked.Limit.Name, asked.Permits)), Is.EqualTo(new[] { ("reads", 1), ("exports", 20) }));
    }

    [Test]
    public async Task DisabledAction_IsFree()
    {
        await _app.GetAsync("/api/quotes/health");

        Assert.That(_app.Limiter.Asked, Is.Empty);
    }

    [Test]
    public async Task TagOfAnAction_IsOnItsEntry()
    {
        await _app.GetAsync("/api/quotes/AAPL");

        Assert.That(_app.Cache.Entries.Single().Value.Tags, Is.EquivalentTo(new[] { "quotes", "quote:AAPL" }));
    }
}
