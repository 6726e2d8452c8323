using System.Collections.Concurrent;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Tests.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

/// <summary>A Redis whose reads end when the test says so, and which lends buffers that know whether they have been given back.</summary>
internal sealed class ManualRedis
{
    private readonly BlockingCollection<TaskCompletionSource<Answer<Payload>>> _reads = [];
    private readonly ConcurrentQueue<long> _since = new();
    private int _sent;
    private int _timesToLiveAsked;

    public ManualRedis()
    {
        var gateway = GatewayStub.Create();
        gateway.Setup(stub => stub.GetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<int>(), It.IsAny<CancellationToken>())).Returns(Send);
        gateway.Setup(
            stub => stub.GetTimeToLiveAsync(It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            Interlocked.Increment(ref _timesToLiveAsked);
            return new ValueTask<Answer<TimeSpan?>>(new Answer<TimeSpan?>(TimeToLive));
        });
        gateway.Setup(stub => stub.Since(It.IsAny<long>())).Returns((long startedAt) =>
        {
            _since.Enqueue(startedAt);
            return gateway.Object;
        });
        Gateway = gateway.Object;
    }

    public IRedisGateway Gateway { get; }

    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    public int Sent => Volatile.Read(ref _sent);

    /// <summary>The beginnings of those whose reads share one deadline with what they waited for.</summary>
    public IEnumerable<long> Since => _since;

    public int TimesToLiveAsked => Volatile.Read(ref _timesToLiveAsked);

    /// <summary>Ends the oldest read under way; one that is about to be sent is waited for.</summary>
    public void Reply(Answer<Payload> answer)
    {
        Assert.That(_reads.TryTake(out var read, Patience.Limit), Is.True, "no read is under way");
        Inline.Run(() => read!.SetResult(answer));
    }

    public LentBuffer Reply(params byte[] body)
    {
        var buffer = new LentBuffer(body);
        Reply(new Answer<Payload>(new Payload(Exists: true, buffer.Memory, buffer)));
        return buffer;
    }

    private ValueTask<Answer<Payload>> Send()
    {
        Interlocked.Increment(ref _sent);
        var read = new TaskCompletionSource<Answer<Payload>>();
        _reads.Add(read);
        return new ValueTask<Answer<Payload>>(read.Task);
    }
}
