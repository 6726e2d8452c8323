using BitFaster.Caching.Scheduler;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.Tests.Caching.Reading;

namespace RedisResilience.Tests.Caching.LocalTier;

/// <summary>Reads with a local tier in front of Redis.</summary>
internal sealed class LocalReadsTests
{
    private readonly ManualRedis _redis = new();
    private readonly LocalEntries _local;
    private readonly CoalescedReads _reads;

    public LocalReadsTests()
    {
        var options = new LocalTierOptions { KeyPrefixes = { "kept:" } };
        _local = new LocalEntries(options, Mock.Of<IInvalidationPublisher>(), new FakeTimeProvider(), new ForegroundScheduler());
        _local.Trust(LocalTierMode.Tracking);
        _reads = new CoalescedReads(_redis.Gateway, maximumEntrySize: 1 << 20, TimeProvider.System, _local);
    }

    [Test]
    public async Task SecondRead_DoesNotAskRedis()
    {
        await ReadAsync("kept:1", 7);
        var again = await _reads.ReadAsync("kept:1", withTimeToLive: false, CancellationToken.None);
        Assert.That(again.Value.Payload.Bytes.ToArray(), Is.EqualTo(new byte[] { 7 }));
        Assert.That(_redis.Sent, Is.EqualTo(1));
    }

    [Test]
    public async Task OtherKeys_AreReadEveryTime_AndTheirEndIsNotAskedFor()
    {
        await ReadAsync("other:1", 7);
        await ReadAsync("other:1", 8);
        Assert.That(_redis.Sent, Is.EqualTo(2));
        Assert.That(_redis.TimesToLiveAsked, Is.Zero);
    }

    [Test]
    public async Task ChangeWhileAReadIsUnderWay_KeepsItsReplyOut()
    {
        var read = _reads.ReadAsync("kept:1", withTimeToLive: false, CancellationToken.None).AsTask();
        _local.Change("kept:1");
        _redis.Reply(7);
        await read.WaitAsync(Patience.Limit);
        await ReadAsync("kept:1", 8);
        Assert.That(_redis.Sent, Is.EqualTo(2));
    }

    [Test]
    public async Task MissAndGarbage_AreNotKept()
    {
        var miss = _reads.ReadAsync("kept:1", withTimeToLive: false, CancellationToken.None).AsTask();
        _redis.Reply(new RedisResilience.Gateway.Answer<RedisResilience.Gateway.Payload>(default(RedisResilience.Gateway.Payload)));
        Assert.That((await miss.WaitAsync(Patience.Limit)).Value.Payload.Exists, Is.False);
        await ReadAsync("kept:1", RedisResilience.Caching.Entries.EntryFormat.Marker);
        await ReadAsync("kept:1", 8);
        Assert.That(_redis.Sent, Is.EqualTo(3));
    }

    private async Task ReadAsync(string key, byte reply)
    {
        var read = _reads.ReadAsync(key, withTimeToLive: false, CancellationToken.None).AsTask();
        _redis.Reply([reply]);
        Assert.That((await read.WaitAsync(Patience.Limit)).Value.Payload.Bytes.ToArray(), Is.EqualTo(new[] { reply }));
    }
}
