using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.Caching;

namespace RedisResilience.Tests.AspNetCore.Caching;

/// <summary>Requests for one missing entry: the first one's endpoint answers them all, if its response is for all.</summary>
public sealed class CollapsedRequestTests
{
    private const string Body = "{\"a\":1}";

    private readonly SemaphoreSlim _gate = new(0);
    private int _reached;
    private int _failed;

    [TearDown]
    public void Dispose() => _gate.Dispose();

    [Test]
    public async Task Waiters_AreGivenTheFirstOnesResponse()
    {
        await using var app = await StartAsync(context => context.Response.Headers.ContentLanguage = "de");
        var requests = await CrowdAsync(app, 5);

        _gate.Release();
        var responses = await Task.WhenAll(requests).WaitAsync(Patience.Limit);

        Assert.That(_reached, Is.EqualTo(1));
        foreach (var response in responses)
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(Body));
            Assert.That(response.Field("Content-Type"), Is.EqualTo("text/plain"));
            Assert.That(response.Field("Content-Language"), Is.EqualTo("de"));
            Assert.That(response.Field("ETag"), Is.EqualTo(responses[0].Field("ETag")).And.Not.Null);
        }

        Assert.That(responses.Select(response => response.Field("Cache-Status")), Is.EquivalentTo(
            Enumerable.Repeat("RedisResilience; fwd=uri-miss; collapsed", 4).Append("RedisResilience; fwd=uri-miss; stored")));
    }

    [Test]
    public async Task ResponseForOneOnly_LeavesTheOthersToTheirOwn()
    {
        var users = 0;
        await using var app = await StartAsync(context => context.Response.Headers.SetCookie = $"user={Interlocked.Increment(ref users)}");
        var requests = await CrowdAsync(app, 3);

        _gate.Release(10);
        var responses = await Task.WhenAll(requests).WaitAsync(Patience.Limit);

        Assert.That(_reached, Is.EqualTo(3));
        Assert.That(responses.Select(response => response.Field("Set-Cookie")).Distinct().Count(), Is.EqualTo(3));
        Assert.That(responses.Count(
            response => response.Field("Cache-Status")!.EndsWith("detail=not-shared", StringComparison.Ordinal)), Is.EqualTo(2));
        Assert.That(app.Cache.Entries, Is.Empty);
    }

    /// <summary>Red where they wait for the end of a response whose head says already that it is not stored.</summary>
    [TestCase("no-store", "write")]
    [TestCase("no-store", "start")]
    [TestCase("cookie", "write")]
    [TestCase("status", "write")]
    public async Task Waiters_AreLetGoAsSoonAsTheFirstOnesHeadForbidsIt(string reason, string way)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/{symbol}", async context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.StatusCode = reason == "status" ? 404 : 200;
            context.Response.Headers.CacheControl = reason == "no-store" ? reason : default;
            context.Response.Headers.SetCookie = reason == "cookie" ? "a=b" : default;
            await (way == "start" ? context.Response.StartAsync() : context.Response.Body.WriteAsync("part"u8.ToArray()).AsTask());
            Interlocked.Increment(ref _reached);
            await _gate.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync("whole"u8.ToArray());
        }).CacheResponse("key:{symbol}"));
        var requests = Enumerable.Range(0, 20).Select(_ => app.GetAsync("/AAPL")).ToArray();
        await Eventually.BecomesTrueAsync(() => Volatile.Read(ref _reached) == requests.Length);
        _gate.Release(requests.Length);

        foreach (var response in await Task.WhenAll(requests).WaitAsync(Patience.Limit))
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(way == "start" ? "whole" : "partwhole"));
        }

        Assert.That(app.Cache.Entries, Is.Empty);
    }

    [Test]
    public async Task KeyWhoseResponsesAreForOneOnly_IsNotWaitedForAgain()
    {
        await using var app = await StartAsync(context => context.Response.Headers.SetCookie = "a=b");
        _gate.Release(1);
        await app.GetAsync("/AAPL");

        var requests = Enumerable.Range(0, 3).Select(_ => app.GetAsync("/AAPL")).ToArray();
        Assert.That(() => _reached, Is.EqualTo(4).After(5000, 5));
        _gate.Release(10);
        await Task.WhenAll(requests).WaitAsync(Patience.Limit);

        Assert.That(app.Cache.Loads, Is.EqualTo(1));
    }

    [Test]
    public async Task KeyWhoseResponsesAreForAllAgain_IsStoredAgain()
    {
        await using var app = await StartAsync(context => context.Response.Headers.SetCookie = _reached == 1 ? "a=b" : default);
        _gate.Release(10);

        var statuses = new List<string?>();
        for (var request = 0; request < 4; request++)
        {
            statuses.Add((await app.GetAsync("/AAPL")).Field("Cache-Status"));
        }

        Assert.That(statuses, Is.EqualTo(new[]
        {
            "RedisResilience; fwd=uri-miss; detail=set-cookie", "RedisResilience; fwd=uri-miss; detail=pass",
            "RedisResilience; fwd=uri-miss; stored", "RedisResilience; hit; ttl=42",
        }));
    }

    [Test]
    public async Task FirstClientThatLeaves_TakesNothingFromTheOthers()
    {
        using var leaving = new CancellationTokenSource();
        await using var app = await StartAsync();
        var first = app.Client.GetAsync("/AAPL", leaving.Token);
        await UntilReachedAsync();
        var second = app.GetAsync("/AAPL");
        Assert.That(() => app.Cache.Waiting, Is.EqualTo(1).After(5000, 5));

        await leaving.CancelAsync();
        _gate.Release();

        Assert.That(await (await second).Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Text("key:AAPL"), Is.EqualTo(Body));
        Assert.That(_reached, Is.EqualTo(1));
        await Task.WhenAny(first);
    }

    [Test]
    public async Task WaiterThatLeaves_TakesNothingFromTheOthers()
    {
        using var leaving = new CancellationTokenSource();
        await using var app = await StartAsync();
        var first = app.GetAsync("/AAPL");
        await UntilReachedAsync();
        var second = app.Client.GetAsync("/AAPL", leaving.Token);
        Assert.That(() => app.Cache.Waiting, Is.EqualTo(1).After(5000, 5));

        await leaving.CancelAsync();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        _gate.Release();

        Assert.That(await (await first).Content.ReadAsStringAsync(), Is.EqualTo(Body));
        Assert.That(app.Cache.Text("key:AAPL"), Is.EqualTo(Body));
    }

    [Test]
    public async Task FailureOfTheFirst_IsNotTheOthers([Values] bool isTimeout)
    {
        await using var app = await StartAsync(_ =>
        {
            if (Interlocked.Increment(ref _failed) == 1)
            {
                throw isTimeout ? new OperationCanceledException("only the first") : new InvalidOperationException("only the first");
            }
        });
        var requests = await CrowdAsync(app, 3);

        _gate.Release(10);

        var answered = 0;
        foreach (var request in requests)
        {
            try
            {
                answered += await (await request).Content.ReadAsStringAsync() == Body ? 1 : 0;
            }
            catch (Exception failure) when (failure.Message == "only the first")
            {
            }
        }

        Assert.That(answered, Is.EqualTo(2));
    }

    [Test]
    public async Task Waiter_IsGiven304WhenItHasTheResponse()
    {
        await using var app = await StartAsync();
        var first = app.GetAsync("/AAPL");
        await UntilReachedAsync();
        var second = app.GetAsync("/AAPL", ("If-None-Match", "*"));
        Assert.That(() => app.Cache.Waiting, Is.EqualTo(1).After(5000, 5));

        _gate.Release();

        Assert.That((await first).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await second).StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task OverloadedSource_Is503AndSaysWhenToComeBack()
    {
        await using var app = await StartAsync();
        app.Cache.Overload = new SourceOverloadedException();

        var response = await app.GetAsync("/AAPL");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Field("Retry-After"), Is.EqualTo("1"));
        Assert.That(response.Field("Cache-Status"), Is.EqualTo("RedisResilience; fwd=uri-miss; detail=overloaded"));
        Assert.That(_reached, Is.Zero);
    }

    [Test]
    public async Task ConditionsAndAbortOfTheFirst_AreNotSeenByItsEndpoint()
    {
        string? seen = null;
        await using var app = await StartAsync(
            context => seen = $"{context.Request.Headers.IfNoneMatch}{context.Request.Headers.IfModifiedSince}");
        _gate.Release();

        await app.GetAsync("/AAPL", ("If-None-Match", "\"a\""), ("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT"));

        Assert.That(seen, Is.Empty);
    }

    private async Task<Task<HttpResponseMessage>[]> CrowdAsync(HttpApp app, int count)
    {
        var first = app.GetAsync("/AAPL");
        await UntilReachedAsync();
        var others = Enumerable.Range(1, count - 1).Select(_ => app.GetAsync("/AAPL")).ToArray();
        Assert.That(() => app.Cache.Waiting, Is.EqualTo(count - 1).After(5000, 5));
        return [first, .. others];
    }

    private Task UntilReachedAsync() => Eventually.BecomesTrueAsync(() => Volatile.Read(ref _reached) > 0);

    private Task<HttpApp> StartAsync(Action<HttpContext>? change = null) => HttpApp.StartAsync(app => app
        .MapGet("/{symbol}", async context =>
        {
            Interlocked.Increment(ref _reached);
            await _gate.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "text/plain";
            change?.Invoke(context);
            await context.Response.WriteAsync(Body);
        })
        .CacheResponse("key:{symbol}"));
}
