using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Reading;

internal sealed class CoalescedReadsTests
{
    private const string Key = "key";

    private readonly FakeTimeProvider _clock = new();
    private readonly ManualRedis _redis = new();
    private readonly CoalescedReads _reads;

    public CoalescedReadsTests() => _reads = new CoalescedReads(_redis.Gateway, maximumEntrySize: 1 << 20, _clock);

    [Test]
    public async Task WhoComesWhileAReadIsUnderWay_SharesTheNextOne()
    {
        var first = ReadAsync();
        Task<Answer<StoredEntry>>[] later = [ReadAsync(), ReadAsync(), ReadAsync()];
        Assert.That(_redis.Sent, Is.EqualTo(1));

        // The source was changed and the entry replaced after the first read was executed, and before the later ones began.
        _redis.Reply(1);
        Assert.That(Body(await first.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 1 }));
        _redis.Reply(2);
        foreach (var read in later)
        {
            Assert.That(Body(await read.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 2 }));
        }

        Assert.That(_redis.Sent, Is.EqualTo(2));
    }

    [Test]
    public async Task WhileRedisIsAway_NobodyWaitsAndNothingIsSent()
    {
        var gateway = new Mock<IRedisGateway>(MockBehavior.Strict);
        gateway.SetupGet(away => away.KeyPrefix).Returns("");
        gateway.SetupGet(away => away.IsAway).Returns(true);
        var reads = new CoalescedReads(gateway.Object, maximumEntrySize: 1 << 20, _clock);
        var read = reads.ReadAsync(Key, withTimeToLive: true, CancellationToken.None);
        Assert.That((read.IsCompletedSuccessfully, (await read).Fault), Is.EqualTo((true, Fault.CircuitOpen)));
    }

    [Test]
    public void OtherKeys_AreReadAtTheSameTime()
    {
        for (var index = 0; index < 100; index++)
        {
            _ = _reads.ReadAsync($"{Key}:{index}", withTimeToLive: false, CancellationToken.None).AsTask();
        }

        Assert.That(_redis.Sent, Is.EqualTo(100));
    }

    [Test]
    public async Task SharedBuffer_GoesBackWithItsLastReader_AndOnce()
    {
        var first = ReadAsync();
        Task<Answer<StoredEntry>>[] sharing = [ReadAsync(), ReadAsync(), ReadAsync()];
        _redis.Reply(1);
        (await first.WaitAsync(Patience.Limit)).Value.Payload.Owner!.Dispose();
        var buffer = _redis.Reply(2);
        var entries = await Task.WhenAll(sharing).WaitAsync(Patience.Limit);
        for (var index = 0; index < entries.Length; index++)
        {
            Assert.That(buffer.Returns, Is.Zero);
            Assert.That(Body(entries[^1]), Is.EqualTo(new byte[] { 2 }));

            // Twice: the second must not count for another reader.
            entries[index].Value.Payload.Owner!.Dispose();
            entries[index].Value.Payload.Owner!.Dispose();
        }

        Assert.That(buffer.Returns, Is.EqualTo(1));
    }

    [Test]
    public async Task ReaderAlone_IsGivenTheBufferItself()
    {
        var read = ReadAsync();
        var buffer = _redis.Reply(1);
        Assert.That((await read.WaitAsync(Patience.Limit)).Value.Payload.Owner, Is.SameAs(buffer));
    }

    [Test]
    public async Task Miss_IsSharedToo()
    {
        var first = ReadAsync();
        var second = ReadAsync();
        _redis.Reply(new Answer<Payload>(default(Payload)));
        _redis.Reply(new Answer<Payload>(default(Payload)));
        Assert.That((await first.WaitAsync(Patience.Limit)).IsAnswered && (await second.WaitAsync(Patience.Limit)).IsAnswered, Is.True);
        Assert.That((await first.WaitAsync(Patience.Limit)).Value.Payload.Exists
            || (await second.WaitAsync(Patience.Limit)).Value.Payload.Exists, Is.False);
    }

    [Test]
    public async Task WhoWaitsBehindAReadWithoutAnswer_IsNotMadeToWaitAgain()
    {
        var first = ReadAsync();
        var behind = ReadAsync();
        _redis.Reply(new Answer<Payload>(Fault.DeadlineExceeded));
        Assert.That((await first.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.DeadlineExceeded));
        Assert.That((await behind.WaitAsync(Patience.Limit)).Fault, Is.EqualTo(Fault.DeadlineExceeded));
        Assert.That(_redis.Sent, Is.EqualTo(1));

        var afterwards = ReadAsync();
        _redis.Reply(1);
        Assert.That(Body(await afterwards.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task Cancellation_EndsOneWait_AndKeepsNoBuffer()
    {
        using var cancellation = new CancellationTokenSource();
        var first = ReadAsync();
        var cancelled = ReadAsync(cancellation.Token);
        var other = ReadAsync();
        await cancellation.CancelAsync();
        Assert.That(async () => await cancelled.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());

        _redis.Reply(1);
        var buffer = _redis.Reply(2);
        Assert.That(Body(await other.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 2 }));
        (await other.WaitAsync(Patience.Limit)).Value.Payload.Owner!.Dispose();
        Assert.That(buffer.Returns, Is.EqualTo(1));
        await first.WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task CancellationOfTheFirst_DoesNotFailTheOthers_AndItsBufferGoesBack()
    {
        using var cancellation = new CancellationTokenSource();
        var first = ReadAsync(cancellation.Token);
        var behind = ReadAsync();
        await cancellation.CancelAsync();
        Assert.That(async () => await first.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_redis.Reply(1).Returns, Is.EqualTo(1));
        _redis.Reply(2);
        Assert.That(Body(await behind.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public void CancelledBefore_IsNotRead()
    {
        Assert.That(ReadAsync(new CancellationToken(canceled: true)).IsCanceled, Is.True);
        Assert.That(_redis.Sent, Is.Zero);
    }

    [Test]
    public async Task TimeToLive_IsAskedForAllWhenOneWantsIt()
    {
        var first = ReadAsync();
        var second = ReadAsync();
        var third = _reads.ReadAsync(Key, withTimeToLive: true, CancellationToken.None).AsTask();
        _redis.Reply(1);
        _redis.Reply(2);
        Assert.That((await first.WaitAsync(Patience.Limit)).Value.TimeToLive, Is.Null);
        Assert.That((await second.WaitAsync(Patience.Limit)).Value.TimeToLive, Is
            .EqualTo((await third.WaitAsync(Patience.Limit)).Value.TimeToLive).And.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(_redis.TimesToLiveAsked, Is.EqualTo(1));
    }

    [Test]
    public async Task TimeToLive_IsNotAskedAgainForASecond_AndGoesOnMeanwhile()
    {
        Assert.That(await TimeToLiveAsync(1), Is.EqualTo(TimeSpan.FromSeconds(60)));
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.That(await TimeToLiveAsync(1), Is.EqualTo(TimeSpan.FromSeconds(59.6)));
        Assert.That(_redis.TimesToLiveAsked, Is.EqualTo(1));
        _clock.Advance(TimeSpan.FromMilliseconds(601));
        Assert.That(await TimeToLiveAsync(1), Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(_redis.TimesToLiveAsked, Is.EqualTo(2));
    }

    [Test]
    public async Task TimeToLive_IsAskedAgain_WhenTheEntryIsAnother_WhichIsThenReadWithIt()
    {
        await TimeToLiveAsync(1);
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        var read = ReadWithTimeToLiveAsync();
        var discarded = _redis.Reply(2);
        _redis.Reply(3);
        Assert.That((await read.WaitAsync(Patience.Limit)).Value.TimeToLive, Is.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(Body(await read.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 3 }));
        Assert.That(discarded.Returns, Is.EqualTo(1));
    }

    [Test]
    public async Task TimeToLive_IsAskedAgain_WhenTheLastSaidThatItIsOver()
    {
        _redis.TimeToLive = TimeSpan.FromMilliseconds(300);
        await TimeToLiveAsync(1);
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        _redis.TimeToLive = TimeSpan.FromSeconds(60);
        Assert.That(await TimeToLiveAsync(1), Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task TimeToLive_IsAskedAgain_AfterItWasChanged()
    {
        await TimeToLiveAsync(1);
        _redis.TimeToLive = TimeSpan.FromSeconds(90);
        _reads.Forget(Key);
        Assert.That(await TimeToLiveAsync(1), Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [Test]
    public async Task Description_IsMadeOnceForAnEntry()
    {
        var first = ReadWithTimeToLiveAsync();
        _redis.Reply(1);
        var second = ReadWithTimeToLiveAsync();
        _redis.Reply(1);
        var description = (await first.WaitAsync(Patience.Limit)).Value.Description;
        Assert.That(description!.BodyETag, Is.EqualTo(BodyTag.Of(System.IO.Hashing.XxHash3.HashToUInt64([1]))));
        Assert.That((await second.WaitAsync(Patience.Limit)).Value.Description, Is.SameAs(description));
    }

    [Test]
    public async Task ReaderWhoKeepsItsThread_HoldsUpNobody()
    {
        var first = ReadAsync();
        using var release = new ManualResetEventSlim();
        var keeping = KeepThreadAsync(release);
        Task<Answer<StoredEntry>>[] others = [ReadAsync(), ReadAsync()];
        _redis.Reply(1);
        await first.WaitAsync(Patience.Limit);
        var replying = Task.Run(() => _redis.Reply(2));
        await Task.WhenAll(others).WaitAsync(Patience.Limit);
        var next = ReadAsync();
        await Task.Run(() => _redis.Reply(3));
        Assert.That(Body(await next.WaitAsync(Patience.Limit)), Is.EqualTo(new byte[] { 3 }));
        Assert.That(keeping.IsCompleted, Is.False);
        release.Set();
        await Task.WhenAll(keeping, replying).WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task Crowd_IsWaitedFor_AndSharesTheNextReadToo()
    {
        await TellCrowdAsync();
        var again = Enumerable.Range(0, 30).Select(_ => ReadAsync()).ToArray();
        _redis.Reply(3);
        var sharing = await Task.WhenAll(again.Take(6)).WaitAsync(Patience.Limit);
        Assert.That(sharing.Select(Body), Is.All.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task CrowdThatDoesNotComeAgain_IsWaitedForNoLongerThanAMoment()
    {
        await TellCrowdAsync();
        Task<Answer<StoredEntry>>[] again = [ReadAsync(), ReadAsync()];
        Assert.That(_redis.Sent, Is.EqualTo(2));
        await Eventually.BecomesTrueAsync(() =>
        {
            _clock.Advance(CrowdTimer.Time);
            return _redis.Sent == 3;
        });
        _redis.Reply(3);
        Assert.That((await Task.WhenAll(again).WaitAsync(Patience.Limit)).Select(Body), Is.All.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task WhoWaitsBehindARead_HasOneDeadlineForBoth()
    {
        var first = ReadAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(7));
        var began = _clock.GetTimestamp();
        var behind = ReadAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        _ = ReadAsync();
        _redis.Reply(1);
        _redis.Reply(2);
        await Task.WhenAll(first, behind).WaitAsync(Patience.Limit);
        Assert.That(_redis.Since, Is.EqualTo(new[] { began }));
    }

    [Test]
    public async Task GarbageInTheEntry_IsSaidToBeSo()
    {
        var read = ReadAsync();
        _redis.Reply(EntryFormat.Marker, EntryFormat.Version, 3);
        Assert.That((await read.WaitAsync(Patience.Limit)).Value.Kind, Is.EqualTo(EntryKind.Truncated));
    }

    private static byte[] Body(Answer<StoredEntry> answer) => answer.Value.Payload.Bytes.ToArray();

    private Task<Answer<StoredEntry>> ReadAsync(CancellationToken cancellationToken = default) =>
        _reads.ReadAsync(Key, withTimeToLive: false, cancellationToken).AsTask();

    /// <summary>Nine share the second read.</summary>
    private async Task TellCrowdAsync()
    {
        var first = ReadAsync();
        var crowd = Enumerable.Range(0, 9).Select(_ => ReadAsync()).ToArray();
        _redis.Reply(1);
        _redis.Reply(2);
        await first.WaitAsync(Patience.Limit);
        await Task.WhenAll(crowd).WaitAsync(Patience.Limit);
    }

    private async Task KeepThreadAsync(ManualResetEventSlim release)
    {
        using var read = (await ReadAsync().ConfigureAwait(false)).Value.Payload.Owner;
        release.Wait(Patience.Limit);
    }

    private Task<Answer<StoredEntry>> ReadWithTimeToLiveAsync() =>
        _reads.ReadAsync(Key, withTimeToLive: true, CancellationToken.None).AsTask();

    private async Task<TimeSpan?> TimeToLiveAsync(byte body)
    {
        var read = ReadWithTimeToLiveAsync();
        _redis.Reply(body);
        return (await read.WaitAsync(Patience.Limit)).Value.TimeToLive;
    }
}
