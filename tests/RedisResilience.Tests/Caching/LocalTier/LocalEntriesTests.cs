using BitFaster.Caching.Scheduler;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Invalidations;

namespace RedisResilience.Tests.Caching.LocalTier;

internal sealed class LocalEntriesTests
{
    private const string Key = "predictions:v1:AAPL";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Mock<IInvalidationPublisher> _publisher = new();
    private readonly LocalEntries _entries;

    public LocalEntriesTests()
    {
        _entries = Create(new LocalTierOptions { MaximumBytes = 1024 * 1024, KeyPrefixes = { "predictions:" } });
        _entries.Trust(LocalTierMode.Tracking);
    }

    [Test]
    public void WhatIsKept_IsServed_InMemoryOfItsOwn()
    {
        byte[] bytes = [1, 2, 3];
        Keep(Key, bytes, Minute);
        bytes[0] = 9;
        Assert.That(_entries.TryGet(Key, out var entry), Is.True);
        Assert.That(entry.Payload.Bytes.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(entry.Payload.Owner, Is.Null);
    }

    [Test]
    public void OnlyWhatTheOptionsName_IsKept()
    {
        Assert.That(_entries.Keeps(Key), Is.True);
        Assert.That(_entries.Keeps("ratelimit:1.2.3.4"), Is.False);
        Assert.That(_entries.Keeps("Predictions:v1:AAPL"), Is.False);
    }

    [Test]
    public void Copy_IsNotUsedLongerThanItMayBeStale()
    {
        Keep(Key, [1], Minute);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(_entries.TryGet(Key, out _), Is.True);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void Copy_IsNotUsedLongerThanTheEntryLives_AndSaysHowLongThatIs()
    {
        Keep(Key, [1], TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(_entries.TryGet(Key, out var entry), Is.True);
        Assert.That(entry.TimeToLive, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(0.5)).And.GreaterThan(TimeSpan.FromSeconds(0.45)));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void AgeOfACopy_CountsFromBeforeItsReadWasSent(bool hasEnd)
    {
        var ticket = _entries.BeginRead(Key);
        _time.Advance(TimeSpan.FromSeconds(3));
        _entries.Keep(
            Key, ticket, new StoredEntry(new Payload(Exists: true, new byte[] { 1 }, null), hasEnd ? Minute : null, EntryKind.Plain));
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(_entries.TryGet(Key, out _), Is.True);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void EntryWithoutEnd_HasNone()
    {
        Keep(Key, [1], timeToLive: null);
        Assert.That(_entries.TryGet(Key, out var entry), Is.True);
        Assert.That(entry.TimeToLive, Is.Null);
    }

    [Test]
    public void EntryAboutToEnd_IsNotKept()
    {
        Keep(Key, [1], TimeSpan.FromMilliseconds(CoarseClock.Resolution));
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void Change_DropsTheCopy_AndIsPassedOn()
    {
        Keep(Key, [1], Minute);
        _entries.Change(Key);
        Assert.That(_entries.TryGet(Key, out _), Is.False);
        _publisher.Verify(publisher => publisher.Publish(Key), Times.Once);
        _entries.Change("ratelimit:1.2.3.4");
        _publisher.VerifyNoOtherCalls();
    }

    [Test]
    public void ChangeBetweenReadAndReply_KeepsTheReplyOut()
    {
        var ticket = _entries.BeginRead(Key);
        _entries.Invalidate(Key);
        _entries.Keep(Key, ticket, Entry([1], Minute));
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void DoubtBetweenReadAndReply_KeepsTheReplyOut([Values] bool isTrustedAgain)
    {
        var ticket = _entries.BeginRead(Key);
        _entries.Distrust();
        if (isTrustedAgain)
        {
            _entries.Trust(LocalTierMode.Messages);
        }

        _entries.Keep(Key, ticket, Entry([1], Minute));
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void Doubt_DropsEverything_AndNothingIsKeptUntilThereIsTrust()
    {
        Keep(Key, [1], Minute);
        _entries.Distrust();
        Assert.That(_entries.TryGet(Key, out _), Is.False);
        Keep(Key, [1], Minute);
        Assert.That(_entries.TryGet(Key, out _), Is.False);
        _entries.Trust(LocalTierMode.Tracking);
        Assert.That(_entries.TryGet(Key, out _), Is.False);
        Keep(Key, [2], Minute);
        Assert.That(_entries.TryGet(Key, out _), Is.True);
    }

    [Test]
    public void NothingIsKept_BeforeThereIsTrust()
    {
        var entries = Create(new LocalTierOptions { KeyPrefixes = { "" } });
        entries.Keep(Key, entries.BeginRead(Key), Entry([1], Minute));
        Assert.That(entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void Bytes_AreBounded_WhateverTheirSizes() => Gen.Int[0, 200_000].Array[1, 200].Sample(
        sizes =>
        {
            var entries = Create(new LocalTierOptions { MaximumBytes = 1024 * 1024, KeyPrefixes = { "k" } });
            entries.Trust(LocalTierMode.Tracking);
            for (var index = 0; index < sizes.Length; index++)
            {
                var key = $"k{index % 50}";
                entries.Keep(key, entries.BeginRead(key), Entry(new byte[sizes[index]], Minute));
                Assert.That(entries.Bytes, Is.InRange(0, 1024 * 1024));
            }

            entries.InvalidateAll();
            Assert.That(entries.Bytes, Is.Zero, "what is forgotten is no longer counted");
        },
        iter: Rounds.Of(50, 5_000));

    [Test]
    public void EntryMuchLargerThanTheOthers_IsNotKept()
    {
        Keep(Key, new byte[256 * 1024], Minute);
        Assert.That(_entries.TryGet(Key, out _), Is.False);
    }

    [Test]
    public void WhatIsAskedForOften_OutlivesAScan()
    {
        Keep(Key, new byte[1000], Minute);
        for (var index = 0; index < 4_000; index++)
        {
            // Its use is counted once a tick of the clock.
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Keep($"predictions:scan:{index}", new byte[10_000], Minute);
            Assert.That(_entries.TryGet(Key, out _), Is.True, $"after {index} others");
        }
    }

    private LocalEntries Create(LocalTierOptions options) => new(options, _publisher.Object, _time, new ForegroundScheduler());

    private void Keep(string key, byte[] bytes, TimeSpan? timeToLive) =>
        _entries.Keep(key, _entries.BeginRead(key), Entry(bytes, timeToLive));

    private static StoredEntry Entry(byte[] bytes, TimeSpan? timeToLive) =>
        new(new Payload(Exists: true, bytes, null), timeToLive, EntryKind.Plain);
}
