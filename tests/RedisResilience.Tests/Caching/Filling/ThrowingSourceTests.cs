using System.Text;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Filling;

/// <summary>What a source registers with its token, and the owner of what it gives, may throw and may block: nobody else has a part in
/// that.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class ThrowingSourceTests
{
    private readonly CacheEntryOptions _options = new(TimeSpan.FromMinutes(1)) { StaleWhileRevalidate = TimeSpan.FromHours(1) };
    private readonly FakeTimeProvider _time;
    private readonly IResponseCache _cache;

    public ThrowingSourceTests(bool isInMemory)
    {
        var redis = new SimulatedRedis();
        _time = redis.Clock;
        _cache = isInMemory ? new InMemoryResponseCache(_time) : new SimulatedNode(redis).Cache;
    }

    [Test]
    public async Task CallbackThatThrows_DoesNotReachTheOneWhoGoes([Values] bool isMany)
    {
        using var leaving = new CancellationTokenSource();
        var hasBegun = new TaskCompletionSource();
        var call = CallAsync(isMany, "throws", token =>
        {
            token.Register(static () => throw new InvalidOperationException("callback"));
            hasBegun.SetResult();
        }, leaving.Token);
        await hasBegun.Task.WaitAsync(Patience.Limit);
        await leaving.CancelAsync();
        await Assert.ThatAsync(() => call.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task CallbackThatBlocks_DoesNotHoldUpTheOneWhoGoes([Values] bool isMany)
    {
        using var leaving = new CancellationTokenSource();
        using var mayEnd = new ManualResetEventSlim();
        var (hasBegun, hasEnded) = (new TaskCompletionSource(), new TaskCompletionSource());
        var call = CallAsync(isMany, "blocks", token =>
        {
            token.Register(() =>
            {
                mayEnd.Wait(2 * Patience.Limit);
                hasEnded.SetResult();
            });
            hasBegun.SetResult();
        }, leaving.Token);
        await hasBegun.Task.WaitAsync(Patience.Limit);
        await Task.Run(leaving.Cancel).WaitAsync(Patience.Limit);
        await Assert.ThatAsync(() => call.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());
        mayEnd.Set();
        await hasEnded.Task.WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task OwnerThatThrows_FailsNobody_AndTheKeyIsRefreshed()
    {
        var owner = new Mock<IDisposable>();
        owner.Setup(thrown => thrown.Dispose()).Throws<InvalidOperationException>();
        var asked = 0;
        async Task<string> GetAsync()
        {
            using var response = await _cache.GetOrCreateAsync("owned", _options, 0, (_, _) => new ValueTask<SourceResponse>(
                new SourceResponse(Encoding.UTF8.GetBytes($"{Interlocked.Increment(ref asked)}"), owner.Object)));
            return Encoding.UTF8.GetString(response.Body.Span);
        }

        Assert.That(await GetAsync(), Is.EqualTo("1"));
        for (var refreshes = 2; refreshes < 4; refreshes++)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await GetAsync();
            await Eventually.BecomesTrueAsync(() => Task.FromResult(Volatile.Read(ref asked) == refreshes));
            await Eventually.BecomesTrueAsync(async () => await GetAsync() == $"{refreshes}");
        }

        Assert.That(
            await _cache.SetAsync("owned", new SourceResponse("set"u8.ToArray(), owner.Object), _options).AsTask(), Is.True);
        owner.Verify(thrown => thrown.Dispose(), Times.Exactly(4));
    }

    private async Task CallAsync(bool isMany, string key, Action<CancellationToken> begin, CancellationToken cancellationToken)
    {
        async Task<SourceResponse> NeverAsync(CancellationToken token)
        {
            begin(token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return default;
        }

        if (isMany)
        {
            await _cache.GetOrCreateManyAsync([$"{key}:many"], _options, 0, async (_, keys, token) =>
                new Dictionary<string, SourceResponse> { [keys[0]] = await NeverAsync(token) }, cancellationToken);
        }
        else
        {
            await _cache.GetOrCreateAsync(
                key, _options, 0, async (_, token) => await NeverAsync(token), cancellationToken);
        }
    }
}
