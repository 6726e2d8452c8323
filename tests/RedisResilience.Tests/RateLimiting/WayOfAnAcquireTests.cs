using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Connection;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;
using StackExchange.Redis;

namespace RedisResilience.Tests.RateLimiting;

/// <summary>A reader can follow an acquire: few types stand between the caller and the client, there and back.</summary>
internal sealed class WayOfAnAcquireTests
{
    private const int MostTypes = 8;

    private readonly Mock<IDatabase> _database = new();

    public static IEnumerable<RateLimit> Limits =>
    [
        RateLimit.FixedWindow(100, TimeSpan.FromHours(1)),
        RateLimit.All(RateLimit.FixedWindow(100, TimeSpan.FromHours(1)), RateLimit.TokenBucket(10, TimeSpan.FromSeconds(1))),
        RateLimit.Concurrency(10),
    ];

    [TestCaseSource(nameof(Limits))]
    public async Task Acquire_PassesFewTypes_ThereAndBack(RateLimit limit)
    {
        string[] there = [], back = [];
        TaskCompletionSource<RespResult>? reply = null;
        Func<Task<RespResult>> answer = static () =>
            Task.FromException<RespResult>(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));
        await using var gateway = Connect(() => answer());
        await gateway.WaitUntilAvailableAsync(CancellationToken.None).WaitAsync(Patience.Limit);
        await using var limiter = new RedisRateLimiter(gateway, TimeProvider.System);
        answer = () =>
        {
            there = StackTypes.Names();
            return (reply = new TaskCompletionSource<RespResult>()).Task;
        };
        var acquiring = AcquireAsync();
        Inline.Run(() => reply!.SetException(new RedisServerException(RedisErrorKind.OutOfMemory, CommandFlags.None, "OOM")));
        Assert.That((await acquiring.WaitAsync(Patience.Limit)).Source, Is.EqualTo(DecisionSource.FailurePolicy));
        Assert.That(there, Is.Not.Empty.And.Length.LessThanOrEqualTo(MostTypes), string.Join(", ", there));
        Assert.That(back, Is.Not.Empty.And.Length.LessThanOrEqualTo(MostTypes), string.Join(", ", back));
        await TestContext.Out.WriteLineAsync($"there: {string.Join(", ", there)}; back: {string.Join(", ", back)}");

        async Task<RateLimitDecision> AcquireAsync()
        {
            var decision = await limiter.AcquireAsync("key", limit).ConfigureAwait(false);
            back = StackTypes.Names();
            return decision;
        }
    }

    private RedisGateway Connect(Func<Task<RespResult>> answer)
    {
        _database.Setup(redis => redis.PingAsync(CommandFlags.None)).ReturnsAsync(TimeSpan.Zero);
        _database.Setup(redis => redis.ExecuteRespAsync(
                It.IsAny<string>(), It.IsAny<ReadOnlyMemory<RedisKeyOrValue>>(), It.IsAny<CommandFlags>()))
            .Returns(answer);
        var multiplexer = new Mock<IConnectionMultiplexer>();
        multiplexer.Setup(client => client.GetDatabase(It.IsAny<int>(), It.IsAny<object?>())).Returns(_database.Object);
        multiplexer.SetupGet(client => client.IsConnected).Returns(true);
        _database.SetupGet(redis => redis.Multiplexer).Returns(multiplexer.Object);
        var dialer = new SharedDialer(() => Task.FromResult(multiplexer.Object), name: null, NullLogger.Instance);
        return new RedisGateway(dialer, new RedisResilienceOptions(), TimeProvider.System, NullLogger.Instance);
    }
}
