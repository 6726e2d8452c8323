using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.AspNetCore.Caching.Storing;

namespace RedisResilience.Tests.AspNetCore.Caching.Storing;

/// <summary>Responses that are sent as they come: they are never held back, never stored, and nobody waits for them.</summary>
public sealed class StreamTests
{
    private readonly TaskCompletionSource _clientHasRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [TestCase("application/json", "flush")]
    [TestCase("text/event-stream", "flush")]
    [TestCase("text/plain", "stream")]
    [TestCase("text/plain", "buffering")]
    public async Task WhatIsFlushed_ReachesTheClientBeforeTheEnd(string type, string way)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", async context =>
        {
            context.Response.ContentType = type;
            if (way == "buffering")
            {
                context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            }

            if (way == "stream")
            {
                await context.Response.Body.WriteAsync("first"u8.ToArray());
                await context.Response.Body.FlushAsync();
            }
            else
            {
                await context.Response.WriteAsync("first");
            }

            await _clientHasRead.Task.WaitAsync(Patience.Limit);
            await context.Response.WriteAsync("second");
        }).CacheResponse("key"));

        using var response = await app.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience.Limit);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[5];
        await body.ReadExactlyAsync(first).AsTask().WaitAsync(Patience.Limit);
        _clientHasRead.SetResult();

        Assert.That(await new StreamReader(body).ReadToEndAsync(), Is.EqualTo("second"));
        Assert.That(first, Is.EqualTo("first"u8.ToArray()));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=streamed"));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    /// <summary>Red where the endpoint is told only that nobody waits for a load, which is over.</summary>
    [Test]
    public async Task ClientThatLeaves_EndsItsStream([Values] bool isNotStoredByItsHead)
    {
        var hasEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", async context =>
        {
            context.Response.Headers.CacheControl = isNotStoredByItsHead ? "no-store" : default;
            await context.Response.WriteAsync("first");
            await Task.WhenAny(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
            hasEnded.SetResult();
        }).CacheResponse("key"));

        using (var response = await app.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience.Limit))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[5]).AsTask().WaitAsync(Patience.Limit);
        }

        await hasEnded.Task.WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task Waiters_AreLetGoWhenTheFirstOneStreams()
    {
        var runs = 0;
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", async context =>
        {
            var run = Interlocked.Increment(ref runs);
            await context.Response.WriteAsync("first");
            if (run == 1)
            {
                await _clientHasRead.Task.WaitAsync(Patience.Limit);
            }
        }).CacheResponse("key"));

        using var endless = await app.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience.Limit);
        var other = await app.GetAsync("/").WaitAsync(Patience.Limit);

        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK), "it has not waited for the first one's end");
        _clientHasRead.SetResult();
    }

    [Test]
    public async Task WhatIsFlushedAtItsEnd_IsStored([Values] bool hasWaited)
    {
        await using var app = await StartAsync(new FakeTimeProvider(), async context =>
        {
            if (hasWaited)
            {
                await Task.Yield();
            }

            context.Response.ContentType = "text/plain";
            for (var part = 0; part < 50; part++)
            {
                await context.Response.WriteAsync("part");
                await context.Response.Body.FlushAsync();
            }
        });

        var response = await app.GetAsync("/");

        Assert.That(response.Field("Cache-Status"), Does.EndWith("; stored"));
        Assert.That(app.Cache.Entries.Single().Value.Body.Length, Is.EqualTo(200));
    }

    [Test]
    public async Task WhatIsWrittenInPiecesWithoutAFlush_IsStored()
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", async context =>
        {
            // As a file or another response is copied.
            context.Response.ContentType = "text/plain";
            for (var part = 0; part < 50; part++)
            {
                await context.Response.Body.WriteAsync("part"u8.ToArray());
                await Task.Yield();
            }
        }).CacheResponse("key"));

        Assert.That((await app.GetAsync("/")).Field("Cache-Status"), Does.EndWith("; stored"));
    }

    [Test]
    public async Task FailureAfterAFlush_IsTheExceptionHandlers()
    {
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", async context =>
            {
                await context.Response.WriteAsync("part");
                throw new InvalidOperationException("After its first part.");
            }).CacheResponse("key"),
            outer: app => app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("page"))));

        var response = await app.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("page"));
    }

    [Test]
    public async Task ItemsAsTheyCome_ReachTheClientBeforeTheEnd()
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", Items).CacheResponse("key"));

        using var response = await app.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience.Limit);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[2];
        await body.ReadExactlyAsync(first).AsTask().WaitAsync(Patience.Limit);
        _clientHasRead.SetResult();

        Assert.That(await new StreamReader(body).ReadToEndAsync(), Is.EqualTo(",2]"));

        async IAsyncEnumerable<int> Items()
        {
            yield return 1;
            await _clientHasRead.Task.WaitAsync(Patience.Limit);
            yield return 2;
        }
    }

    [Test]
    public async Task EveryByte_ComesOnceAndInOrder()
    {
        // Writes and flushes of all sizes around the time at which what is held back begins to be sent.
        var expected = string.Concat(
            Enumerable.Range(0, 200).Select(number => new string((char)('a' + (number % 26)), 1 + (number * 7 % 300))));
        var time = new FakeTimeProvider();
        await using var app = await StartAsync(time, async context =>
        {
            await Task.Yield();
            context.Response.ContentType = "text/plain";
            for (var number = 0; number < 200; number++)
            {
                await context.Response.Body.WriteAsync(
                    System.Text.Encoding.ASCII.GetBytes(new string((char)('a' + (number % 26)), 1 + (number * 7 % 300))));
                if (number % 3 == 0)
                {
                    await context.Response.Body.FlushAsync();
                    await Task.Yield();
                }

                if (number is 20 or 90)
                {
                    // The first time, what was held back is sent meanwhile.
                    _ = Task.Run(() => time.Advance(CaptureWriter.Patience));
                }
            }
        });

        Assert.That(await app.Client.GetStringAsync("/"), Is.EqualTo(expected));
    }

    [TestCase("Upgrade", "websocket", "Connection", "Upgrade")]
    [TestCase("Accept", "text/event-stream", "X", "y")]
    public async Task LongLivedRequests_DoNotWaitForEachOther(string name, string value, string other, string otherValue)
    {
        var reached = 0;
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", async context =>
            {
                Interlocked.Increment(ref reached);
                await _clientHasRead.Task.WaitAsync(Patience.Limit);
                await context.Response.WriteAsync("done");
            }).CacheResponse("key"),
            outer: app => app.Use((context, next) =>
            {
                if (context.Request.Headers.Upgrade.Count > 0)
                {
                    context.Features.Set(Moq.Mock.Of<IHttpUpgradeFeature>(feature => feature.IsUpgradableRequest == true));
                }

                return next(context);
            }));

        var requests = Enumerable.Range(0, 5).Select(_ => app.GetAsync("/", (name, value), (other, otherValue))).ToArray();
        Assert.That(() => Volatile.Read(ref reached), Is.EqualTo(5).After(10_000, 5));
        _clientHasRead.SetResult();
        await Task.WhenAll(requests).WaitAsync(Patience.Limit);
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task WhoHasWaitedBefore_StreamsAfterAMoment()
    {
        var time = new FakeTimeProvider();
        await using var app = await StartAsync(time, async context =>
        {
            await Task.Yield();
            await context.Response.WriteAsync("first");
            time.Advance(CaptureWriter.Patience);
            await _clientHasRead.Task.WaitAsync(Patience.Limit);
        });

        using var response = await app.Client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience.Limit);
        _clientHasRead.SetResult();

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("first"));
        Assert.That(response.Field("Cache-Status"), Does.EndWith("detail=streamed"));
    }

    private static Task<HttpApp> StartAsync(TimeProvider time, RequestDelegate endpoint) => HttpApp.StartAsync(
        app => app.MapGet("/", endpoint).CacheResponse("key"), services: services => services.AddSingleton(time));
}
