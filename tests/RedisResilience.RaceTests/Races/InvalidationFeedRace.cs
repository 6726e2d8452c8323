using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Connection;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.RaceTests.Scheduling;
using StackExchange.Redis;

namespace RedisResilience.RaceTests.Races;

/// <summary>Both connections are lost and come again while entries change and copies of them are kept: no copy outlives a change whose news
/// was lost, and in the end the news come again.</summary>
internal sealed class InvalidationFeedRace : Race, IInvalidationListener
{
    private const string Key = "key";
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly Mock<IConnectionMultiplexer> _multiplexer = new();
    private readonly Mock<IRedisConnection> _connection = new();
    private Interleaving _run = null!;
    private InvalidationFeed _feed = null!;
    private Action<RedisChannel, RedisValue> _onMessage = null!;
    private readonly bool[] _isUp = [true, true];
    private bool _isSubscribed;
    private bool _isTrusted;
    private int _epoch;
    private int _ended;
    private int _version;
    private int? _kept;
    private ulong _sent;

    public override void Begin(Interleaving run)
    {
        _run = run;
        var subscriber = new Mock<ISubscriber>();
        subscriber.Setup(static stub => stub.SubscribeAsync(
                It.IsAny<RedisChannel>(), It.IsAny<Action<RedisChannel, RedisValue>>(), It.IsAny<CommandFlags>()))
            .Returns((RedisChannel _, Action<RedisChannel, RedisValue> handler, CommandFlags _) => SubscribeAsync(handler));
        subscriber.Setup(static stub => stub.UnsubscribeAsync(
                It.IsAny<RedisChannel>(), It.IsAny<Action<RedisChannel, RedisValue>>(), It.IsAny<CommandFlags>()))
            .Returns(run.YieldAsync);

        // Of two servers: neither tells of changes itself.
        _multiplexer.Setup(static stub => stub.GetEndPoints(It.IsAny<bool>())).Returns(new EndPoint[2]);
        _multiplexer.Setup(static stub => stub.GetSubscriber(It.IsAny<object>())).Returns(subscriber.Object);
        _multiplexer.Setup(static stub => stub.IsConnected).Returns(() => _isUp[0]);
        _connection.Setup(static stub => stub.Database!.Multiplexer).Returns(_multiplexer.Object);
        _feed = new InvalidationFeed(_connection.Object, "", [Key], this, run.Clock, NullLogger.Instance);
        run.Start(() => BreakAsync(
            0, () => _connection.Raise(static stub => stub.Lost += null), () => _connection.Raise(static stub => stub.Changed += null)));
        run.Start(() => BreakAsync(
            1,
            () => _multiplexer.Raise(static stub => stub.ConnectionFailed += null, Ended()),
            () => _multiplexer.Raise(static stub => stub.ConnectionRestored += null, Ended())));
        run.Start(ChangeAsync);
        run.Start(KeepAsync);
        run.Start(KeepAsync);
        run.Start(WaitAsync);
    }

    public override void Check()
    {
        Interleaving.Require(_isSubscribed && _isTrusted, "nobody has set it up again");
        Interleaving.Require(_kept is null || _kept == _version, "a copy has outlived a change");
    }

    public void Distrust()
    {
        _isTrusted = false;
        InvalidateAll();
    }

    public void Trust(LocalTierMode mode)
    {
        InvalidateAll();
        _isTrusted = true;
    }

    public void Invalidate(string key) => InvalidateAll();

    public void InvalidateAll()
    {
        _epoch++;
        _kept = null;
    }

    private async Task SubscribeAsync(Action<RedisChannel, RedisValue> handler)
    {
        await _run.YieldAsync();
        if (!_isUp[0] || !_isUp[1])
        {
            throw new TimeoutException("It is away.");
        }

        (_onMessage, _isSubscribed) = (handler, true);
        await _run.YieldAsync();
    }

    private async Task BreakAsync(int which, Action tellLoss, Action tellReturn)
    {
        for (var time = 0; time < 2; time++)
        {
            await _run.YieldAsync();
            (_isUp[which], _isSubscribed) = (false, false);
            await _run.YieldAsync();
            tellLoss();
            await _run.YieldAsync();
            _isUp[which] = true;
            await _run.YieldAsync();
            tellReturn();
        }

        _ended++;
    }

    private async Task ChangeAsync()
    {
        for (var time = 0; time < 4; time++)
        {
            await _run.YieldAsync();
            _version++;
            var message = new InvalidationMessage(7, ++_sent, Key).Write();
            await _run.YieldAsync();
            if (_isSubscribed)
            {
                _onMessage(default, message);
            }
        }
    }

    // As the local tier keeps what a read has brought.
    private async Task KeepAsync()
    {
        for (var time = 0; time < 4; time++)
        {
            var epoch = _epoch;
            await _run.YieldAsync();
            var read = _version;
            await _run.YieldAsync();
            if (_isTrusted && _epoch == epoch)
            {
                _kept = read;
            }
        }
    }

    private async Task WaitAsync()
    {
        while (_ended < _isUp.Length || _feed.Mode != LocalTierMode.Messages)
        {
            await Task.Delay(Moment, _run.Clock);
        }
    }

    private static ConnectionFailedEventArgs Ended() => new(
        new object(), new DnsEndPoint("server", 6379), ConnectionType.Subscription, ConnectionFailureType.SocketClosed, new IOException(),
        "line");
}
