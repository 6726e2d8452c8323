using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.Registration;

internal sealed class EndpointOverviewTests
{
    [Test]
    public async Task Overview_HasWhatIsLimitedOrCachedAndNothingElse()
    {
        var limit = RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1));
        IEndpointOverview? overview = null;
        await using var app = await HttpApp.StartAsync(
            application =>
            {
                application.MapGet("/free", () => "");
                application.MapGet("/both/{id}", (string id) => id).RequireRateLimit().RequireRateLimit("bucket")
                    .CacheResponse("both:{id}", TimeSpan.FromSeconds(5));
                application.MapPost("/resolved", () => "").RequireRateLimit("resolved");
                overview = application.Services.GetRequiredService<IEndpointOverview>();
            },
            options => options.AddPolicy(
                "bucket", limit).AddPolicy("resolved", new RedisResilience.AspNetCore.RateLimiting.RateLimitPolicy(_ => limit)));

        var endpoints = overview!.Endpoints;

        Assert.That(endpoints.Select(
            endpoint => (endpoint.Route, endpoint.Methods.Single(), endpoint.TimeToLive)), Is.EqualTo(new (string, string, TimeSpan?)[]
        {
            ("/both/{id}", "GET", TimeSpan.FromSeconds(5)),
            ("/resolved", "POST", null),
        }));
        Assert.That(endpoints[0].Limits.Select(used => used.Name), Is.EqualTo(new[] { "default", "bucket" }));
        Assert.That(endpoints[0].Limits[1].Limit, Is.EqualTo(limit with { Name = "bucket" }));
        Assert.That(endpoints[1].Limits.Single(), Is.EqualTo(new EndpointLimit("resolved", null)));
    }
}
