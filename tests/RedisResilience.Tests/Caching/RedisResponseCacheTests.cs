using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching;

internal sealed class RedisResponseCacheTests
{
    private const int MaximumEntrySize = 8;
    private static readonly byte[] Body = [1, 2, 3];
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Mock<IRedisGateway> _gateway = GatewayStub.Create("app:");
    private readonly Mock<IDisposable> _owner = new();
    private ResponseCache _cache = null!;

    [SetUp]
    public void MakeCache() => _cache = Caches.Over(_gateway.Object, MaximumEntrySize);

    [Test]
    public async Task Hit_IsTheBytesAndTheirOwnerGetsThemBackOnce()
    {
        _gateway.Gets(Hit());
        var response = await _cache.GetAsync("key");
        Assert.That((response.HasBody, response.IsHit, response.TimeToLive), Is.EqualTo((true, true, (TimeSpan?)null)));
        Assert.That(response.Body.ToArray(), Is.EqualTo(Body));
        _owner.Verify(owner => owner.Dispose(), Times.Never);
        response.Dispose();
        _owner.Verify(owner => owner.Dispose(), Times.Once);
    }

    [TestCase(Fault.None, 3, true)]
    [TestCase(Fault.CircuitOpen, 3, true)]
    [TestCase(Fault.None, MaximumEntrySize + 1, true)]
    [TestCase(Fault.DeadlineExceeded, 3, false)]
    public async Task OwnerOfWhatIsStored_GetsItBack_UnlessTheClientMayStillHoldIt(Fault fault, int size, bool isGivenBack)
    {
        var answer = fault == Fault.None ? new Answer<bool>(true) : new Answer<bool>(fault);
        _gateway.Sets(answer).Deletes(answer);
        await _cache.SetAsync("key", new SourceResponse(new byte[size], _owner.Object), new CacheEntryOptions(Minute));
        _owner.Verify(owner => owner.Dispose(), isGivenBack ? Times.Once : Times.Never);
    }

    [Test]
    public async Task HitWithTimeToLive_CarriesIt()
    {
        _gateway.Gets(Hit()).GetsTimeToLive(new Answer<TimeSpan?>(Minute));
        using var response = await _cache.GetWithTimeToLiveAsync("key");
        Assert.That((response.IsHit, response.TimeToLive), Is.EqualTo((true, (TimeSpan?)Minute)));
    }

    [Test]
    public async Task HitWhoseTimeToLiveIsUnanswered_IsAHit()
    {
        _gateway.Gets(Hit()).GetsTimeToLive(new Answer<TimeSpan?>(Fault.DeadlineExceeded));
        using var response = await _cache.GetWithTimeToLiveAsync("key");
        Assert.That((response.IsHit, response.TimeToLive), Is.EqualTo((true, (TimeSpan?)null)));
    }

    [Test]
    public async Task GetWithTimeToLive_SendsBothBeforeItAwaitsEither()
    {
        var (body, timeToLive) = (PendingGet(), PendingTimeToLive());
        var response = _cache.GetWithTimeToLiveAsync("key").AsTask();
        _gateway.Verify(stub => stub.GetAsync(It.IsAny<RedisKeyPrefix>(), "key", It.IsAny<int>(), CancellationToken.None), Times.Once);
        _gateway.Verify(stub => stub.GetTimeToLiveAsync(It.IsAny<RedisKeyPrefix>(), "key", CancellationToken.None), Times.Once);
        timeToLive.SetResult(new Answer<TimeSpan?>(Minute));
        body.SetResult(Hit());
        using var hit = await response.WaitAsync(Patience.Limit);
        Assert.That((hit.IsHit, hit.TimeToLive), Is.EqualTo((true, (TimeSpan?)Minute)));
    }

    [Test]
    public async Task Set_HandsOverKeyBytesAndTime()
    {
        _gateway.Sets(new Answer<bool>(true)).Deletes(new Answer<bool>(false)).Gets(new Answer<Payload>(default(Payload)));
        Assert.That(await _cache.SetAsync("predictions:v1:AAPL", Body, Minute), Is.True);
        _gateway.Verify(stub => stub.SetAsync(
            It.Is<RedisKeyPrefix>(prefix => prefix.Append("") == "app:"), "predictions:v1:AAPL", Body, Minute, CancellationToken.None));
    }

    [TestCase(MaximumEntrySize, true)]
    [TestCase(MaximumEntrySize + 1, false)]
    public async Task BodyUpToTheMaximum_IsStoredAndNoLargerOne(int size, bool isStored)
    {
        _gateway.Sets(new Answer<bool>(true)).Deletes(new Answer<bool>(false));
        Assert.That(await _cache.SetAsync("key", new byte[size], Minute), Is.EqualTo(isStored));
        _gateway.Verify(
            stub => stub.SetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<TimeSpan>(), It
                    .IsAny<CancellationToken>()),
            Times.Exactly(isStored ? 1 : 0));
    }

    [TestCase(Fault.OutOfMemory)]
    [TestCase(Fault.ReadOnly)]
    [TestCase(Fault.CircuitOpen)]
    public async Task WriteRefused_IsNotStoredAndNoException(object fault)
    {
        _gateway.Sets(new Answer<bool>((Fault)fault)).Deletes(new Answer<bool>(false));
        Assert.That(await _cache.SetAsync("key", Body, Minute), Is.False);
    }

    [Test]
    public async Task AnswersThatTakeAWhile_AreAwaited()
    {
        var body = PendingGet();
        var get = _cache.GetAsync("key").AsTask();
        Assert.That(get.IsCompleted, Is.False);
        body.SetResult(Hit());
        Assert.That((await get.WaitAsync(Patience.Limit)).IsHit, Is.True);

        var stored = new TaskCompletionSource<Answer<bool>>();
        _gateway.Setup(stub => stub.DeleteBothAsync("app:key", "{app:key}:lease", CancellationToken.None)).Returns(
            new ValueTask<Answer<bool>>(stored.Task));
        var remove = _cache.RemoveAsync("key").AsTask();
        Assert.That(remove.IsCompleted, Is.False);
        stored.SetResult(new Answer<bool>(false));
        Assert.That(await remove.WaitAsync(Patience.Limit), Is.True);
    }

    [Test]
    public void BadInput_NeverReachesRedis()
    {
        _gateway.Invocations.Clear();
        Assert.That(() => _cache.GetAsync("a\nb").AsTask(), Throws.ArgumentException);
        Assert.That(() => _cache.SetAsync("key", Body, TimeSpan.Zero).AsTask(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_gateway.Invocations, Is.Empty);
    }

    private Answer<Payload> Hit() => new(new Payload(Exists: true, Body, _owner.Object));

    private TaskCompletionSource<Answer<Payload>> PendingGet()
    {
        var pending = new TaskCompletionSource<Answer<Payload>>();
        _gateway.Setup(stub => stub.GetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<Answer<Payload>>(pending.Task));
        return pending;
    }

    private TaskCompletionSource<Answer<TimeSpan?>> PendingTimeToLive()
    {
        var pending = new TaskCompletionSource<Answer<TimeSpan?>>();
        _gateway.Setup(stub => stub.GetTimeToLiveAsync(It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<Answer<TimeSpan?>>(pending.Task));
        return pending;
    }
}
