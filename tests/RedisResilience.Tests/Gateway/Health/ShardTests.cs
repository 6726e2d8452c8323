using Moq;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway.Health;

/// <summary>One shard of a cluster hangs: calls for its keys are not sent, and all others are.</summary>
internal sealed class ShardTests : HealthMonitorFixture
{
    private Func<Task<TimeSpan?>> _shardAnswer = () => Task.FromResult<TimeSpan?>(null);

    [SetUp]
    public void Join()
    {
        Connection.SetupGet(connection => connection.IsCluster).Returns(true);
        Connection.SetupGet(connection => connection.Shards).Returns([[new SlotRange(0, 8191)], [new SlotRange(8192, 16383)]]);
        Connection.Setup(connection => connection.SlotOf("first")).Returns(1);
        Connection.Setup(connection => connection.SlotOf("second")).Returns(16383);
        Database.Setup(
            database => database.KeyTimeToLiveAsync(It.IsAny<RedisKey>(), It.IsAny<CommandFlags>())).Returns(() => _shardAnswer());
        RaiseChanged();
    }

    [Test]
    public void MissesInARow_ConcernTheShardAlone()
    {
        _shardAnswer = () => new TaskCompletionSource<TimeSpan?>().Task;
        Repeat(5, () => Miss("first"));
        Assert.That(Health.Admit("first", hasPartialDeadline: false), Is.Null);
        Assert.That(Health.Admit("second", hasPartialDeadline: false), Is.Not.Null);
        Assert.That((Health.Breaker.IsClosed, Health.ShardsAway), Is.EqualTo((true, 1)));
        Assert.That(Logged()[^1], Is.EqualTo(Log.ShardUnavailableId));
    }

    [Test]
    public void OneMiss_TheProbeFindsOut()
    {
        _shardAnswer = () => new TaskCompletionSource<TimeSpan?>().Task;
        Miss("first");
        Assert.That(Health.Admit("first", hasPartialDeadline: false), Is.Not.Null);
        Time.Advance(TimeSpan.Zero);
        Time.Advance(Health.Deadline.Current);
        Assert.That(() => Health.Admit("first", hasPartialDeadline: false), Is.Null.After(10_000, 1));
    }

    [Test]
    public void ConnectionLost_AtOnce()
    {
        _shardAnswer = () => Task.FromException<TimeSpan?>(ConnectionFailure(ConnectionFailureType.UnableToConnect));
        Health.Admit("first", hasPartialDeadline: false)!.OnFault(Fault.ConnectionLost);
        Assert.That(Health.Admit("first", hasPartialDeadline: false), Is.Null);
        Time.Advance(TimeSpan.FromSeconds(1));
        Connection.Verify(connection => connection.Refresh(), Times.AtLeast(2), "who serves the slots by now is looked up by the probe");
        Assert.That(Health.Admit("first", hasPartialDeadline: false), Is.Null);
    }

    [Test]
    public void ItAnswersAgain_ItIsInUseAgain()
    {
        Health.Admit("first", hasPartialDeadline: false)!.OnFault(Fault.ConnectionLost);
        Time.Advance(TimeSpan.Zero);
        Assert.That(() => Health.Admit("first", hasPartialDeadline: false), Is.Not.Null.After(10_000, 1));
        Assert.That((Logged()[^1], Health.ShardsAway), Is.EqualTo((Log.ShardAvailableId, 0)));
    }

    [Test]
    public void HurriedMiss_DoesNotCount()
    {
        Repeat(5, () => Health.Admit("first", hasPartialDeadline: true)!.OnFault(Fault.DeadlineExceeded));
        Assert.That(Health.Admit("first", hasPartialDeadline: false), Is.Not.Null);
    }

    [Test]
    public void SlotsMove_TheShardKeepsItsState()
    {
        _shardAnswer = () => new TaskCompletionSource<TimeSpan?>().Task;
        Repeat(5, () => Miss("first"));
        Connection.SetupGet(connection => connection.Shards).Returns([[new SlotRange(0, 100)], [new SlotRange(101, 16383)]]);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Health.Admit("first", hasPartialDeadline: false), Is.Null);
        Assert.That(Health.Admit("second", hasPartialDeadline: false), Is.Not.Null);
    }

    private void Miss(string key) => Health.Admit(key, hasPartialDeadline: false)!.OnFault(Fault.DeadlineExceeded);
}
