using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>A limit of requests at the same time: a request holds its permit until its response has ended.</summary>
public sealed class ConcurrencyTests
{
    private static readonly RateLimit One = RateLimit.Concurrency(1);

    [Test]
    public async Task Permit_IsHeldUntilAStreamedResponseHasEnded()
    {
        using var limiter = new InMemoryRateLimiter();
        var gate = new TaskCompletionSource();
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", async (HttpResponse response) =>
            {
                await response.WriteAsync("begun");
                await response.Body.FlushAsync();
                await gate.Task;
            }).RequireRateLimit("one"),
            options => options.AddPolicy("one", One),
            counting: limiter);

        using var first = await app.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var second = await app.GetAsync("/");

        Assert.That(first.Field("RateLimit"), Is.EqualTo("\"one\";r=0"));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(second.Field("Retry-After"), Is.EqualTo("1"));
        gate.SetResult();
        await first.Content.ReadAsStringAsync();
        Assert.That(() => Left(limiter), Is.EqualTo(1).After(5000, 5));
    }

    [TestCase("/fails")]
    [TestCase("/denied")]
    public async Task Permit_GoesBackAlsoWhenTheRequestFailsOrAnotherPolicyDenies(string path)
    {
        using var limiter = new InMemoryRateLimiter();
        await using var app = await HttpApp.StartAsync(
            app =>
            {
                app.MapGet("/fails", string () => throw new InvalidOperationException()).RequireRateLimit("one");
                app.MapGet("/denied", () => "").RequireRateLimit("one").RequireRateLimit("impossible", cost: 2);
            },
            options => options.AddPolicy("one", One).AddPolicy("impossible", RateLimit.FixedWindow(1, TimeSpan.FromHours(1))),
            outer: outer => outer.UseExceptionHandler(handler => handler.Run(_ => Task.CompletedTask)),
            counting: limiter);

        using var response = await app.GetAsync(path);

        Assert.That(response.IsSuccessStatusCode, Is.False);
        Assert.That(() => Left(limiter), Is.EqualTo(1).After(5000, 5));
    }

    private static int Left(InMemoryRateLimiter limiter) =>
        limiter.AcquireAsync("unknown", One with { Name = "one" }, permits: 0).AsTask().Result.Remaining;
}
