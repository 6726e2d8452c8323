using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.AspNetCore;

/// <summary>Several applications on one Redis: an endpoint runs once for all of them.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class OneRunTests(ServerKind kind)
{
    private const int Apps = 4;
    private const int Callers = 50;

    private readonly List<TestApp> _apps = [];
    private TaskCompletionSource _gate = null!;
    private int _arrived;
    private int _runs;

    [SetUp]
    public async Task Start()
    {
        (_arrived, _runs) = (0, 0);
        _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await SharedServers.GetAsync(kind);
        for (var app = 0; app < Apps; app++)
        {
            _apps.Add(await TestApp.StartAsync(server.ConnectionString, Configure, options: TestApp.Patient));
        }
    }

    [TearDown]
    public async Task Stop()
    {
        _gate.TrySetResult();
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        _apps.Clear();
    }

    [Test]
    public async Task ColdKey_RunsTheEndpointOnce()
    {
        var path = $"/text/{Guid.NewGuid():N}";
        var requests = _apps.SelectMany(app => Enumerable.Range(0, Callers).Select(_ => app.Client.GetAsync(path))).ToArray();
        Assert.That(() => Volatile.Read(ref _arrived), Is.EqualTo(Apps * Callers).After(30_000, 10));

        _gate.SetResult();
        var responses = await Task.WhenAll(requests);

        Assert.That(_runs, Is.EqualTo(1));
        foreach (var response in responses)
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("run 1"));
            Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/plain"));
            Assert.That(response.Content.Headers.ContentLanguage, Is.EqualTo(new[] { "de" }));
        }

        Assert.That(responses.Count(
            response => response.Headers.GetValues("Cache-Status").Single().EndsWith("; stored", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task RemovedTag_RunsTheEndpointAgainInEveryApp()
    {
        _gate.SetResult();
        var id = $"{Guid.NewGuid():N}";
        foreach (var app in _apps)
        {
            Assert.That(await app.Client.GetStringAsync($"/text/{id}"), Is.EqualTo("run 1"));
        }

        Assert.That(await _apps[0].Cache.RemoveByTagAsync($"text:{id}"), Is.True);

        // A process may know a tag's version for as long as MaximumVersionAge.
        foreach (var app in _apps)
        {
            Assert.That(async () => await app.Client.GetStringAsync($"/text/{id}"), Is.Not.EqualTo("run 1").After(10_000, 20));
        }
    }

    private void Configure(WebApplication app)
    {
        app.Use((context, next) =>
        {
            Interlocked.Increment(ref _arrived);
            return next(context);
        });
        app.UseRedisResilience();
        app.MapGet("/text/{id}", async context =>
        {
            var run = Interlocked.Increment(ref _runs);
            await _gate.Task;
            context.Response.ContentType = "text/plain";
            context.Response.Headers.ContentLanguage = "de";
            await context.Response.WriteAsync($"run {run}");
        }).CacheResponse(response => response.Key("text:{id}").Tags("text:{id}")
            .Fill(static options => options with { MaximumFillWait = TimeSpan.FromMinutes(1), LeaseTime = TimeSpan.FromMinutes(1) }));
    }
}
