using System.Net;
using Microsoft.AspNetCore.Builder;
using RedisResilience.Tests.AspNetCore;

namespace RedisResilience.Tests.Dashboard.Access;

/// <summary>Requests to another machine without TLS: of those, browsers do not say which site they come from, and nothing but the
/// origin.</summary>
internal sealed class OtherOriginTests
{
    [TestCase("/redis/", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    [TestCase("/redis/events", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    [TestCase("/redis/events", "http://redis.internal:8081", HttpStatusCode.Forbidden)]
    [TestCase("/redis/events", "null", HttpStatusCode.Forbidden)]
    [TestCase("/redis/", "http://redis.internal:8080", HttpStatusCode.OK)]
    [TestCase("/redis/", null, HttpStatusCode.OK)]
    [TestCase("/redis/dashboard.js", "http://outside.example", HttpStatusCode.OK)]
    public async Task PageOfAnotherOrigin_ReadsNothing(string address, string? origin, HttpStatusCode expected)
    {
        await using var app = await HttpApp.StartAsync(
            application => application.MapRedisResilienceDashboard(configure: options =>
                options.AccessFilter = _ => new ValueTask<bool>(true)),
            client: IPAddress.Parse("192.168.1.1"));
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Host", "redis.internal:8080" } } };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }
}
