using Moq;
using RedisResilience.Caching;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching;

internal sealed class GetOrCreateTests
{
    private static readonly byte[] Cached = [1];
    private static readonly byte[] Created = [2];
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Mock<IRedisGateway> _gateway = GatewayStub.Create().Gets(new Answer<Payload>(default(Payload))).Sets(new Answer<bool>(true));
    private int _asked;

    [Test]
    public async Task Hit_DoesNotAskTheSource()
    {
        var owner = new Mock<IDisposable>();
        _gateway.Gets(new Answer<Payload>(new Payload(Exists: true, Cached, owner.Object)));
        var response = await GetOrCreateAsync();
        Assert.That((response.IsHit, response.Body.ToArray()), Is.EqualTo((true, Cached)));
        Assert.That(_asked, Is.Zero);
        response.Dispose();
        owner.Verify(disposable => disposable.Dispose(), Times.Once);
        VerifyStored(Times.Never());
    }

    [Test]
    public async Task Miss_AsksTheSourceOnceAndStores()
    {
        using var response = await GetOrCreateAsync();
        Assert.That((response.IsHit, response.Body.ToArray()), Is.EqualTo((false, Created)));
        Assert.That(_asked, Is.EqualTo(1));
        VerifyStored(Times.Once());
    }

    [Test]
    public async Task NoAnswer_IsAMiss()
    {
        _gateway.Gets(new Answer<Payload>(Fault.CircuitOpen)).Sets(new Answer<bool>(Fault.CircuitOpen));
        using var response = await GetOrCreateAsync();
        Assert.That((response.IsHit, response.Body.ToArray()), Is.EqualTo((false, Created)));
    }

    [Test]
    public async Task Store_IsNotWaitedForAndNotCancelledWithTheCaller()
    {
        _gateway.Setup(stub => stub.SetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<Answer<bool>>(new TaskCompletionSource<Answer<bool>>().Task));
        using var cancellation = new CancellationTokenSource();
        using var response = await GetOrCreateAsync(token: cancellation.Token).WaitAsync(Patience.Limit);
        Assert.That(response.Body.ToArray(), Is.EqualTo(Created));
        VerifyStored(Times.Once());
    }

    [Test]
    public async Task SourceHasNothing_NothingIsStored()
    {
        using var response = await GetOrCreateAsync(_ => new ValueTask<ReadOnlyMemory<byte>?>((ReadOnlyMemory<byte>?)null));
        Assert.That(response.HasBody, Is.False);
        VerifyStored(Times.Never());
    }

    [Test]
    public void SourceThrows_NothingIsStored()
    {
        Assert.That(() => GetOrCreateAsync(_ => throw new InvalidOperationException("the source")), Throws.InvalidOperationException);
        VerifyStored(Times.Never());
    }

    [Test]
    public async Task CancelledWhileTheSourceWorks_NothingIsStored()
    {
        using var cancellation = new CancellationTokenSource();
        var response = GetOrCreateAsync(
            async token =>
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
                return Created;
            },
            cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(() => response.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());
        VerifyStored(Times.Never());
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
    public async Task TooLargeForTheCache_IsServedAndNotStored()
    {
        using var response = await GetOrCreateAsync(_ => new ValueTask<ReadOnlyMemory<byte>?>(new byte[1025]));
        Assert.That(response.Body.Length, Is.EqualTo(1025));
        VerifyStored(Times.Never());
    }

    private Task<CachedResponse> GetOrCreateAsync(Func<CancellationToken, ValueTask<ReadOnlyMemory<byte>?>>? source = null, CancellationToken token = default) =>
        new RedisResponseCache(_gateway.Object, maximumEntrySize: 1024).GetOrCreateAsync(
            "key",
            Minute,
            source,
            (inner, handed) =>
            {
                _asked++;
                return inner is null ? new ValueTask<ReadOnlyMemory<byte>?>(Created) : inner(handed);
            },
            token).AsTask();

    private void VerifyStored(Times times) => _gateway.Verify(
        stub => stub.SetAsync(It.IsAny<RedisKeyPrefix>(), "key", Created, Minute, CancellationToken.None),
        times);
}
