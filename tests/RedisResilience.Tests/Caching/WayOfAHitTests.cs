using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Recovery;
using RedisResilience.Tests.Gateway;
using StackExchange.Redis;

namespace RedisResilience.Tests.Caching;

/// <summary>A reader can follow a cached hit: few types stand between the caller and the client, there and back.</summary>
internal sealed class WayOfAHitTests
{
    private const int MostTypes = 12;
    private const string Key = "predictions:v1:AAPL";

    private readonly Mock<IDatabase> _database = new();

    [Test]
    public async Task Hit_PassesFewTypes_ThereAndBack()
    {
        var reply = new TaskCompletionSource<RespResult>();
        string[] there = [], back = [];
        _database.Setup(redis => redis.ExecuteRespAsync(
                "GETRANGE", It.IsAny<ReadOnlyMemory<RedisKeyOrValue>>(), It.IsAny<CommandFlags>()))
            .Returns((string _, ReadOnlyMemory<RedisKeyOrValue> arguments, CommandFlags _) =>
            {
                var isEntry = arguments.Span[0] == (RedisKeyOrValue)(RedisKey)Key;
                there = isEntry ? StackTypes.Names() : there;
                return isEntry ? reply.Task : Task.FromResult(BulkReply.Of(""));
            });
        await using var gateway = Connect();
        await gateway.WaitUntilAvailableAsync(CancellationToken.None).WaitAsync(Patience.Limit);
        var cache = RedisResponseCache.Create(gateway, Mock.Of<IRedisRecovery>(), new RedisResilienceOptions(), TimeProvider.System);
        var hit = ReadAsync();
        Inline.Run(() => reply.SetResult(BulkReply.Of("abc")));
        Assert.That((await hit.WaitAsync(Patience.Limit)).IsHit, Is.True);
        Assert.That(there, Is.Not.Empty.And.Length.LessThanOrEqualTo(MostTypes), string.Join(", ", there));
        Assert.That(back, Is.Not.Empty.And.Length.LessThanOrEqualTo(MostTypes), string.Join(", ", back));
        Assert.That(there.Union(back).Count(), Is.LessThanOrEqualTo(MostTypes), string.Join(", ", there.Union(back)));
        TestContext.Out.WriteLine($"there: {string.Join(", ", there)}; back: {string.Join(", ", back)}");

        async Task<CachedResponse> ReadAsync()
        {
            var response = await cache.GetOrCreateAsync(
                Key, new CacheEntryOptions(TimeSpan.FromMinutes(1)), 0, static (_, _) => throw new InvalidOperationException("a miss"))
                .ConfigureAwait(false);
            back = StackTypes.Names();
            return response;
        }
    }

    private RedisGateway Connect()
    {
        _database.Setup(redis => redis.PingAsync(CommandFlags.None)).ReturnsAsync(TimeSpan.Zero);
        _database.Setup(redis => redis.ExecuteRespAsync(
                "EVALSHA", It.IsAny<ReadOnlyMemory<RedisKeyOrValue>>(), It.IsAny<CommandFlags>()))
            .ThrowsAsync(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM"));
        var multiplexer = new Mock<IConnectionMultiplexer>();
        multiplexer.Setup(client => client.GetDatabase(It.IsAny<int>(), It.IsAny<object?>())).Returns(_database.Object);
        multiplexer.SetupGet(client => client.IsConnected).Returns(true);
        _database.SetupGet(redis => redis.Multiplexer).Returns(multiplexer.Object);
        var dialer = new SharedDialer(() => Task.FromResult(multiplexer.Object), name: null, NullLogger.Instance);
        return new RedisGateway(dialer, new RedisResilienceOptions(), TimeProvider.System, NullLogger.Instance);
    }
}
