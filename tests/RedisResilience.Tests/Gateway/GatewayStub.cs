using Moq;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Gateway;

/// <summary>A gateway without a server: answers with what the test has set up, and honours cancellation as the real one does.</summary>
internal static class GatewayStub
{
    public static Mock<IRedisGateway> Create(string keyPrefix = "")
    {
        var gateway = new Mock<IRedisGateway>(MockBehavior.Strict);
        gateway.SetupGet(stub => stub.KeyPrefix).Returns(keyPrefix);
        gateway.SetupGet(stub => stub.IsAway).Returns(false);
        gateway.Setup(stub => stub.Since(It.IsAny<long>())).Returns(gateway.Object);

        // Nothing was given up.
        gateway.Setup(
            stub => stub.GetAsync(
                It.IsAny<RedisKeyPrefix>(), It.Is<string>(key => IsVersion(key)), It.IsAny<int>(), It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<Answer<Payload>>(new Answer<Payload>(default(Payload))));
        return gateway;
    }

    /// <summary>Every call gets this fault.</summary>
    public static Mock<IRedisGateway> Silent(Fault fault = Fault.CircuitOpen)
    {
        var gateway = Create();
        gateway.SetupGet(stub => stub.IsAway).Returns(fault == Fault.CircuitOpen);
        return gateway.Evaluates(new Answer<ScriptReply>(fault)).Gets(new Answer<Payload>(fault))
            .GetsTimeToLive(new Answer<TimeSpan?>(fault))
            .Sets(new Answer<bool>(fault)).Deletes(new Answer<bool>(fault)).Expires(new Answer<bool>(fault))
                .EvaluatesOnEntries(new Answer<ContentReply>(fault));
    }

    public static Mock<IRedisGateway> Evaluates(this Mock<IRedisGateway> gateway, Answer<ScriptReply> answer)
    {
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ScriptArguments>(), It
                    .IsAny<CancellationToken>()))
            .Returns((RedisScript _, RedisKeyPrefix _, string _, ScriptArguments _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    public static Mock<IRedisGateway> Gets(this Mock<IRedisGateway> gateway, Answer<Payload> answer)
    {
        gateway.Setup(stub => stub.GetAsync(
            It.IsAny<RedisKeyPrefix>(), It.Is<string>(key => !answer.IsAnswered || !IsVersion(key)), It.IsAny<int>(),
            It.IsAny<CancellationToken>()))
            .Returns((RedisKeyPrefix _, string _, int _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    public static Mock<IRedisGateway> GetsTimeToLive(this Mock<IRedisGateway> gateway, Answer<TimeSpan?> answer)
    {
        gateway.Setup(stub => stub.GetTimeToLiveAsync(It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((RedisKeyPrefix _, string _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    public static Mock<IRedisGateway> Sets(this Mock<IRedisGateway> gateway, Answer<bool> answer)
    {
        gateway.Setup(stub => stub.SetAsync(
                It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<TimeSpan>(), It
                    .IsAny<CancellationToken>()))
            .Returns((RedisKeyPrefix _, string _, ReadOnlyMemory<byte> _, TimeSpan _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    public static Mock<IRedisGateway> EvaluatesOnEntries(this Mock<IRedisGateway> gateway, Answer<ContentReply> answer)
    {
        gateway.Setup(stub => stub.EvaluateAsync(
                It.IsAny<RedisScript>(), It.IsAny<string>(), It.IsAny<string>(), It.IsAny<ContentArguments>(), It
                    .IsAny<CancellationToken>()))
            .Returns((RedisScript _, string _, string _, ContentArguments _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    public static Mock<IRedisGateway> Expires(this Mock<IRedisGateway> gateway, Answer<bool> answer)
    {
        gateway.Setup(
            stub => stub.ExpireAsync(It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<TimeSpan>(), It.IsAny<CancellationToken>()))
            .Returns((RedisKeyPrefix _, string _, TimeSpan _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    /// <summary>One key, or a key and its side key.</summary>
    public static Mock<IRedisGateway> Deletes(this Mock<IRedisGateway> gateway, Answer<bool> answer)
    {
        gateway.Setup(stub => stub.DeleteAsync(It.IsAny<RedisKeyPrefix>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((RedisKeyPrefix _, string _, CancellationToken token) => Answer(answer, token));
        gateway.Setup(stub => stub.DeleteBothAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string _, string _, CancellationToken token) => Answer(answer, token));
        return gateway;
    }

    private static bool IsVersion(string key) => key.Contains("redisresilience:namespace:", StringComparison.Ordinal);

    private static ValueTask<Answer<T>> Answer<T>(Answer<T> answer, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<Answer<T>>(cancellationToken) : new ValueTask<Answer<T>>(answer);
}
