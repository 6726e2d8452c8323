using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>What only a real server and a real connection show.</summary>
internal sealed class ServerTests
{
    private static readonly string Text = string.Concat(Enumerable.Range(0, 500).Select(number => $"line {number}\n"));

    [Test]
    public async Task ExceptionBehindAnEmptyResponse_LeavesNobodyWaiting()
    {
        var reached = 0;
        await using var app = await KestrelApp.StartAsync(app =>
        {
            app.Use(async (context, next) =>
            {
                await next(context);
                context.Response.Headers["X-Outside"] = reached > 1 ? "1" : throw new InvalidOperationException("outside");
            });
            app.UseRedisResilience();
            app.MapGet("/", () => { reached++; return Results.NoContent(); })
                .CacheResponse(response => response.Key("empty").Status(204, TimeSpan.FromMinutes(1)));
        });

        var failed = await app.GetAsync("/");
        var stored = await app.GetAsync("/");
        var hit = await app.GetAsync("/");

        Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(Single(stored, "Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; stored"));
        Assert.That(Single(hit, "Cache-Status"), Does.StartWith("RedisResilience; hit"));
        Assert.That(Single(hit, "X-Outside"), Is.EqualTo("1"));
        Assert.That(reached, Is.EqualTo(2));
    }

    [Test]
    public async Task ReasonPhrase_IsThatOfTheEndpointOnHitsToo()
    {
        await using var app = await KestrelApp.StartAsync(app =>
        {
            app.UseRedisResilience();
            app.MapGet("/", context =>
            {
                context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = "Very Well";
                return context.Response.WriteAsJsonAsync(1);
            }).CacheResponse("phrase");
        });

        Assert.That((await app.GetAsync("/")).ReasonPhrase, Is.EqualTo("Very Well"));
        Assert.That((await app.GetAsync("/")).ReasonPhrase, Is.EqualTo("Very Well"));
    }

    [Test]
    public async Task ClientWhoLeaves_IsCountedByTheStatusThatItsResponseWouldHaveHad([Values] bool counts)
    {
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var over = new TaskCompletionSource();
        var policy = new RateLimitPolicy(RateLimit.FixedWindow(1, TimeSpan.FromHours(1)))
        {
            CountWhen = context => context.Response.StatusCode == 401,
        };
        await using var app = await KestrelApp.StartAsync(
            app =>
            {
                app.Use((context, next) =>
                {
                    context.Response.OnCompleted(() => { over.TrySetResult(); return Task.CompletedTask; });
                    return next(context);
                });
                app.UseRedisResilience();
                app.MapGet("/login", async context =>
                {
                    reached.TrySetResult();
                    await gate.Task;
                    context.Response.StatusCode = counts ? 401 : 200;
                    await context.Response.WriteAsync("x");
                }).RequireRateLimit("login");
            },
            options => options.AddPolicy("login", policy));
        using var leaving = new CancellationTokenSource();
        var first = app.Client.GetAsync("/login", leaving.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await leaving.CancelAsync();
        await Task.WhenAny(first);
        gate.SetResult();
        await over.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var second = await app.GetAsync("/login");

        Assert.That(second.StatusCode, Is.EqualTo(counts ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK));
    }

    [Test]
    public async Task QueueOfAPolicy_LetsAsManyWaitAsItSaysAndIsLeftWithTheClient()
    {
        var policy = new RateLimitPolicy(RateLimit.FixedWindow(1, TimeSpan.FromSeconds(2)))
        {
            MaximumWait = TimeSpan.FromSeconds(20),
            QueueLimit = 2,
        };
        var ended = 0;
        await using var app = await KestrelApp.StartAsync(
            app =>
            {
                app.Use(async (context, next) =>
                {
                    try
                    {
                        await next(context);
                    }
                    finally
                    {
                        Interlocked.Increment(ref ended);
                    }
                });
                app.UseRedisResilience();
                app.MapGet("/", () => "").RequireRateLimit("queue");
            },
            options => options.AddPolicy("queue", policy));
        Assert.That((await app.GetAsync("/")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var leaving = new CancellationTokenSource();

        var requests = Enumerable.Range(0, 4).Select(_ => app.Client.GetAsync("/", leaving.Token)).ToList();
        foreach (var _ in new int[2])
        {
            var denied = await Task.WhenAny(requests).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.That((await denied).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests), "the queue is full");
            requests.Remove(denied);
        }

        await leaving.CancelAsync();
        Assert.That(() => Volatile.Read(ref ended), Is.EqualTo(5).After(30_000, 10), "the server has seen that they have gone");
        var next = await app.GetAsync("/");

        Assert.That(next.StatusCode, Is.EqualTo(HttpStatusCode.OK), "nobody else waits any more");
    }

    [Test]
    public async Task Compression_GivesWholeBodiesAndTrueParts([Values] bool isOutside)
    {
        await using var app = await KestrelApp.StartAsync(
            app =>
            {
                if (isOutside)
                {
                    app.UseResponseCompression();
                }

                app.UseRedisResilience();
                if (!isOutside)
                {
                    app.UseResponseCompression();
                }

                app.MapGet("/text", () => Results.Text(Text)).CacheResponse("text");
            },
            services: services => services.AddResponseCompression());
        (string, string)[][] requests =
        [
            [], [("Accept-Encoding", "gzip")], [("Accept-Encoding", "br")], [("Accept-Encoding", "gzip;q=0.1, identity")],
            [("Range", "bytes=5-14")], [("Accept-Encoding", "gzip"), ("Range", "bytes=5-14")], [("Range", "bytes=999999-")],
        ];

        foreach (var fields in requests.Concat(requests))
        {
            var response = await app.GetAsync("/text", fields);
            var about = $"{string.Join(", ", fields)}: {(int)response.StatusCode} {response.Headers} {response.Content.Headers}";
            Single(response, "Cache-Status");
            await CheckBodyAsync(app, response, fields, about);
            Assert.That(response.Headers.Vary, Does.Contain("Accept-Encoding").Or.Empty, about);
            Assert.That(response.Headers.Vary.Distinct().Count(), Is.EqualTo(response.Headers.Vary.Count), about);
        }
    }

    private static async Task CheckBodyAsync(
        KestrelApp app, HttpResponseMessage response, (string, string)[] fields, string about)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                Assert.That(Decode(bytes, response.Content.Headers.ContentEncoding.SingleOrDefault()), Is.EqualTo(Text), about);
                if (response.Headers.ETag is { } tag)
                {
                    var again = await app.GetAsync("/text", [.. fields, ("If-None-Match", $"{tag}")]);
                    Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.NotModified), about);
                    Single(again, "Cache-Status");
                    var part = await app.GetAsync("/text", [.. fields, ("Range", "bytes=0-3"), ("If-Range", "\"other\"")]);
                    Assert.That(part.StatusCode, Is.Not.EqualTo(HttpStatusCode.PartialContent), about);
                }

                break;
            case HttpStatusCode.PartialContent:
                Assert.That(response.Content.Headers.ContentRange!.To - response.Content.Headers.ContentRange.From + 1,
                    Is.EqualTo(bytes.Length), about);
                if (response.Content.Headers.ContentEncoding.Count == 0)
                {
                    Assert.That(Encoding.UTF8.GetString(bytes), Is.EqualTo(Text[5..15]), about);
                    Assert.That(response.Content.Headers.ContentRange.Length, Is.EqualTo(Text.Length), about);
                }

                break;
            default:
                Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestedRangeNotSatisfiable), about);
                break;
        }
    }

    private static string Single(HttpResponseMessage response, string name) =>
        response.Headers.GetValues(name).Single();

    private static string Decode(byte[] bytes, string? coding)
    {
        using var body = new MemoryStream(bytes);
        using Stream plain = coding switch
        {
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return reader.ReadToEnd();
    }
}
