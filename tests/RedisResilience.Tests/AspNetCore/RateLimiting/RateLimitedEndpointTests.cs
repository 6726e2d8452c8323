using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

public sealed class RateLimitedEndpointTests
{
    [TestCase("/ok", HttpStatusCode.OK)]
    [TestCase("/missing", HttpStatusCode.NotFound)]
    [TestCase("/fails", HttpStatusCode.InternalServerError)]
    public async Task Allowed_CarriesBothFields(string path, HttpStatusCode status)
    {
        await using var app = await HttpApp.StartAsync(
            Endpoints, outer: outer => outer.UseExceptionHandler(handler => handler.Run(_ => Task.CompletedTask)));

        var response = await app.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Field("RateLimit-Policy"), Is.EqualTo("\"default\";q=100;w=3600"));
        Assert.That(response.Field("RateLimit"), Is.EqualTo("\"default\";r=99;t=3557"));
    }

    [TestCase(0.2, "1")]
    [TestCase(12.01, "13")]
    [TestCase(0, "1")]
    public async Task Denied_Is429AndTheEndpointIsNotReached(double seconds, string retryAfter)
    {
        var reached = false;
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", () => reached = true).RequireRateLimit());
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, seconds));

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(reached, Is.False);
        Assert.That(response.Field("Retry-After"), Is.EqualTo(retryAfter));
        Assert.That(response.Field("RateLimit"), Is.EqualTo($"\"default\";r=0;t={retryAfter}"));
        Assert.That(response.Field("Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(response.Field("Content-Type"), Is.EqualTo("application/problem+json"));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.That(problem.RootElement.GetProperty(
            "type").GetString(), Is.EqualTo("https://iana.org/assignments/http-problem-types#quota-exceeded"));
        Assert.That(problem.RootElement.GetProperty("status").GetInt32(), Is.EqualTo(429));
        Assert.That(problem.RootElement.GetProperty("violated-policies")[0].GetString(), Is.EqualTo("default"));
    }

    [Test]
    public async Task DeniedBecauseNobodyCanCount_Is503WithoutState()
    {
        await using var app = await HttpApp.StartAsync(Endpoints);
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Denied(limit, 0) with { Source = DecisionSource.FailurePolicy });

        var response = await app.GetAsync("/ok");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Field("Retry-After"), Is.EqualTo("1"));
        Assert.That(response.Field("RateLimit-Policy"), Is.Not.Null);
        Assert.That(response.Field("RateLimit"), Is.Null);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("#temporary-reduced-capacity"));
    }

    [Test]
    public async Task NobodyDecided_NoFields()
    {
        await using var app = await HttpApp.StartAsync(Endpoints);
        app.Limiter.Decide = limit => Task.FromResult(FakeLimiter.Allowed(limit) with { Source = DecisionSource.None });

        var response = await app.GetAsync("/ok");

        Assert.That(response.Field("RateLimit-Policy"), Is.Null);
        Assert.That(response.Field("RateLimit"), Is.Null);
    }

    private static void Endpoints(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").RequireRateLimit();
        group.MapGet("/ok", () => "ok");
        group.MapGet("/missing", () => Results.NotFound());
        group.MapGet("/fails", string () => throw new InvalidOperationException());
    }
}
