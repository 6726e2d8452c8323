using System.Text;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Tests.Caching.Reading;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching;

internal sealed class GetOrCreateTests
{
    private static readonly CacheEntryOptions Minute = new(TimeSpan.FromMinutes(1));

    private readonly SimulatedRedis _redis = new();
    private readonly PerfectNetwork _network = new();
    private readonly ResponseCache _cache;
    private int _asked;

    public GetOrCreateTests() => _cache = Caches.Over(new SimulatedGateway(_redis, _network), timeProvider: _redis.Clock);

    [Test]
    public async Task Miss_AsksTheSourceOnceAndStores()
    {
        Assert.That(await GetOrCreateAsync(), Is.EqualTo((CacheOutcome.Created, "1")));
        Assert.That(await GetOrCreateAsync(), Is.EqualTo((CacheOutcome.Hit, "1")));
        Assert.That(_asked, Is.EqualTo(1));
    }

    [Test]
    public async Task PlainEntry_IsTheRawBody()
    {
        await GetOrCreateAsync();
        var entry = (await _redis.Store.ReadAsync("key", true, default)).Value;
        Assert.That(Encoding.UTF8.GetString(entry.Payload.Bytes.Span), Is.EqualTo("1"));
        Assert.That(entry.TimeToLive, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase(Fault.CircuitOpen)]
    [TestCase(Fault.DeadlineExceeded)]
    public async Task NoAnswer_IsAMissThatIsServedAndNotStored(object fault)
    {
        _network.Fault = (Fault)fault;
        Assert.That(await GetOrCreateAsync(), Is.EqualTo((CacheOutcome.Created, "1")));
        _network.Fault = Fault.None;
        Assert.That((await _cache.GetAsync("key")).IsHit, Is.False);
    }

    [Test]
    public async Task ManyAtOnce_AskOnce()
    {
        var gate = new TaskCompletionSource();
        var calls = Enumerable.Range(0, 100).Select(_ => GetOrCreateAsync(gate.Task)).ToArray();
        gate.SetResult();
        var answers = await Task.WhenAll(calls).WaitAsync(Patience.Limit);
        Assert.That(_asked, Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Outcome == CacheOutcome.Created), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Outcome == CacheOutcome.Collapsed), Is.EqualTo(99));
    }

    [Test]
    public async Task FirstCallerCancelled_TheOthersGetTheBody()
    {
        var gate = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        var first = GetOrCreateAsync(gate.Task, cancellation.Token);
        var second = GetOrCreateAsync(gate.Task);
        await cancellation.CancelAsync();
        Assert.That(() => first.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();
        Assert.That(await second.WaitAsync(Patience.Limit), Is.EqualTo((CacheOutcome.Collapsed, "1")));
    }

    [Test]
    public async Task AllCallersCancelled_TheLoadIsTooAndTheNextOneLoadsAnew()
    {
        using var cancellation = new CancellationTokenSource();
        var load = new TaskCompletionSource<CancellationToken>();
        var call = _cache.GetOrCreateAsync(
            "key",
            Minute,
            load,
            static async (load, token) =>
            {
                load.SetResult(token);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return default;
            },
            cancellation.Token).AsTask();
        var token = await load.Task;
        await cancellation.CancelAsync();
        Assert.That(() => call.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(token.IsCancellationRequested, Is.True);

        // The lease of the load that was given up may stand for a moment yet.
        var next = GetOrCreateAsync();
        await Eventually.BecomesTrueAsync(() =>
        {
            _redis.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return Task.FromResult(next.IsCompleted);
        });
        Assert.That((await next.WaitAsync(Patience.Limit)).Body, Is.EqualTo("1"));
    }

    [Test]
    public async Task CancelledBefore_TheSourceIsNotAsked()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        Assert.That(() => GetOrCreateAsync(token: cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_asked, Is.Zero);
    }

    [Test]
    public async Task SourceThrows_AllWhoWaitSeeItAndTheNextOneAsksAgain()
    {
        var gate = new TaskCompletionSource();
        var calls = Enumerable.Range(0, 3).Select(_ => GetOrCreateAsync(gate.Task)).ToArray();
        gate.SetException(new TimeoutException("the source"));
        foreach (var call in calls)
        {
            Assert.That(() => call.WaitAsync(Patience.Limit), Throws.InstanceOf<TimeoutException>().With.Message.EqualTo("the source"));
        }

        Assert.That(await GetOrCreateAsync(), Is.EqualTo((CacheOutcome.Created, "2")));
    }

    [Test]
    public async Task SourceHasNothing_NothingIsStoredUnlessAskedFor()
    {
        Assert.That(await NothingAsync(Minute), Is.EqualTo(CacheOutcome.Created));
        Assert.That(await NothingAsync(Minute), Is.EqualTo(CacheOutcome.Created));
        var negative = Minute with { NegativeTimeToLive = TimeSpan.FromSeconds(5) };
        Assert.That(await NothingAsync(negative), Is.EqualTo(CacheOutcome.Created));
        Assert.That(await NothingAsync(negative), Is.EqualTo(CacheOutcome.Hit));
        _redis.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await NothingAsync(negative), Is.EqualTo(CacheOutcome.Created));
    }

    [Test]
    public async Task TooLargeForTheCache_IsServedAndNotStored()
    {
        using var response = await _cache.GetOrCreateAsync(
            "key", Minute, 0, static (_, _) => new ValueTask<SourceResponse>(new SourceResponse(new byte[1025])));
        Assert.That((response.Body.Length, response.IsStored), Is.EqualTo((1025, false)));
        Assert.That((await _cache.GetAsync("key")).IsHit, Is.False);
    }

    [Test]
    public async Task RemovedWhileItWasLoaded_IsServedAndNotStored()
    {
        var gate = new TaskCompletionSource();
        var call = GetOrCreateAsync(gate.Task);
        Assert.That(await _cache.RemoveAsync("key"), Is.True);
        gate.SetResult();
        Assert.That((await call.WaitAsync(Patience.Limit)).Body, Is.EqualTo("1"));
        Assert.That(await GetOrCreateAsync(), Is.EqualTo((CacheOutcome.Created, "2")));
    }

    [Test]
    public async Task RemovedWhileItWasLoaded_WhoComesAfterDoesNotJoin()
    {
        var gate = new TaskCompletionSource();
        var before = GetOrCreateAsync(gate.Task);
        await _cache.RemoveAsync("key");
        Assert.That(await GetOrCreateAsync().WaitAsync(Patience.Limit), Is.EqualTo((CacheOutcome.Created, "2")));
        gate.SetResult();
        await before.WaitAsync(Patience.Limit);
    }

    private async Task<CacheOutcome> NothingAsync(CacheEntryOptions options)
    {
        using var response = await _cache.GetOrCreateAsync(
            "nothing", options, 0, static (_, _) => new ValueTask<SourceResponse>(SourceResponse.Nothing));
        Assert.That((response.HasBody, response.IsNegative), Is.EqualTo((false, true)));
        return response.Outcome;
    }

    // The body says how often the source had been asked.
    private async Task<(CacheOutcome Outcome, string Body)> GetOrCreateAsync(Task? gate = null, CancellationToken token = default)
    {
        using var response = await _cache.GetOrCreateAsync(
            "key",
            Minute,
            gate ?? Task.CompletedTask,
            async (gate, _) =>
            {
                var asked = Interlocked.Increment(ref _asked);
                await gate;
                return new SourceResponse(Encoding.UTF8.GetBytes($"{asked}"));
            },
            token);
        return (response.Outcome, Encoding.UTF8.GetString(response.Body.Span));
    }
}
