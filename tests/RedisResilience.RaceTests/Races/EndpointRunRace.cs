using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.Caching;
using RedisResilience.AspNetCore.Caching.Storing;
using RedisResilience.AspNetCore.Registration;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.RaceTests.Scheduling;

namespace RedisResilience.RaceTests.Races;

/// <summary>The cache begins an endpoint while its client leaves: the request is not over before its endpoint, which never begins
/// afterwards.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A race ends with its interleaving, and nothing of it is anybody's after that.")]
internal sealed class EndpointRunRace : Race
{
    private static readonly IRedisStatus Status = Mock.Of<IRedisStatus>();

    private Interleaving _run = null!;
    private EndpointRun _endpoint = null!;
    private bool _isOver;

    public override void Begin(Interleaving run)
    {
        _run = run;
        var services = new HttpCacheServices
        {
            Cache = NoOpResponseCache.Instance,
            Status = Status,
            Time = run.Clock,
            Logger = NullLogger.Instance,
            MaximumEntrySize = 1024,
            UncacheableKeys = new UncacheableKeys(run.Clock),
            Pipeline = new HttpPipeline(),
        };
        var context = new DefaultHttpContext();
        var cached = new CachedEndpoint(new CacheResponseBuilder().Key("key").Build(), endpoint: null, sibling: "");
        var lookup = CacheLookup.Begin(context, cached, TimeSpan.FromMinutes(1));
        _endpoint = new EndpointRun(
            context, WriteAsync, services, new StorageTerms(lookup, IsStoring: true, IsRefresh: false), older: null);
        run.Start(() => FailsAsync(_endpoint.LoadAsync(new CancellationToken(canceled: true)).AsTask()));
        run.Start(LeaveAsync);
    }

    // Partly before it waits for anything, and partly after.
    private async Task WriteAsync(HttpContext context)
    {
        await WriteSomeAsync(context);
        await _run.YieldAsync();
        await WriteSomeAsync(context);
        throw new TimeoutException();
    }

    private static async Task FailsAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (TimeoutException)
        {
            // What the endpoint has thrown.
        }
    }

    private async Task WriteSomeAsync(HttpContext context)
    {
        for (var part = 0; part < 3; part++)
        {
            _run.Reach();
            if (_isOver)
            {
                _run.Blame("the endpoint runs in a request that is over");
            }

            await context.Response.Body.WriteAsync(new byte[] { 1, 2, 3 });
        }
    }

    // As the request does whose client has left: it waits for its own run, if there is one, and is over.
    private async Task LeaveAsync()
    {
        if (!_endpoint.TryGiveUp())
        {
            await FailsAsync(_endpoint.SendAsync());
        }

        _endpoint.Dispose();
        _isOver = true;
    }
}
