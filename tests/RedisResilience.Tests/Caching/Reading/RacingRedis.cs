using System.Collections.Concurrent;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

/// <summary>A Redis of one number, counted up at every read; replies arrive a while after they were made, on the pool.</summary>
internal sealed class RacingRedis
{
    private const int BodyLength = 64;
    private int _written;
    private int _underWay;

    public RacingRedis()
    {
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.GetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<int>(), It.IsAny<CancellationToken>())).Returns(
            () => new(ReadAsync()));
        Gateway = gateway.Object;
    }

    public IRedisGateway Gateway { get; }

    public ConcurrentBag<LentBuffer> Lent { get; } = [];

    /// <summary>What a read that begins now must know.</summary>
    public int Written => Volatile.Read(ref _written);

    public Task IdleAsync() => Eventually.BecomesTrueAsync(() => Volatile.Read(ref _underWay) == 0);

    private async Task<Answer<Payload>> ReadAsync()
    {
        Interlocked.Increment(ref _underWay);

        // Executed here; whatever is written from now on, this reply does not know.
        var version = Interlocked.Increment(ref _written);
        var body = new byte[BodyLength];
        for (var at = 0; at < BodyLength; at += sizeof(int))
        {
            BitConverter.TryWriteBytes(body.AsSpan(at), version);
        }

        var buffer = new LentBuffer(body);
        Lent.Add(buffer);
        await Task.Yield();
        Interlocked.Increment(ref _written);
        await Task.Yield();
        Interlocked.Decrement(ref _underWay);
        return new Answer<Payload>(new Payload(Exists: true, buffer.Memory, buffer));
    }
}
