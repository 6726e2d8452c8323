using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Moq;
using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>Leases of a concurrency limit and who keeps them, on the test's time.</summary>
internal sealed class LeaseTests : IAsyncDisposable
{
    private static readonly Concurrency Limit = RateLimit.Concurrency(2, TimeSpan.FromSeconds(30));

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLeaseStore _store = new();
    private readonly LeaseKeeper _keeper;
    private long _name;

    public LeaseTests() => _keeper = new LeaseKeeper(_store, _clock);

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    [Test]
    public async Task DisposedLease_IsGivenBackOnce()
    {
        var lease = Hold();
        await lease.DisposeAsync();
        await lease.DisposeAsync();
        lease.Dispose();
        Assert.That(_store.Released, Is.EqualTo(new[] { lease.Held }));
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
    }

    [Test]
    public void HeldLeases_AreRenewedTogetherEveryThirdOfTheirTime()
    {
        var leases = new[] { Hold(), Hold() };
        Pass(TimeSpan.FromSeconds(9.5));
        Assert.That(_store.Renewed, Is.Empty);
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(_store.Renewed, Has.Count.EqualTo(1));
        Assert.That(_store.Renewed[0], Is.EqualTo(leases.Select(lease => lease.Held)));
        Pass(TimeSpan.FromMinutes(5));
        Assert.That(_store.Renewed, Has.Count.InRange(25, 31));
        AssertHeld(leases);
    }

    [Test]
    public void KeyThatIsAskedForAllTheTime_IsRenewedAsAnyOther()
    {
        var held = new[] { Hold(), Hold() };
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(2); passed += TimeSpan.FromMilliseconds(100))
        {
            Hold().Dispose();
            Pass(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(_store.Renewed, Has.Count.InRange(11, 13));
        AssertHeld(held);
    }

    [Test]
    public void LeasesOfOneKeyWithTimesOfTheirOwn_AreRenewedAsTheShortestNeeds()
    {
        var slow = Hold();
        Pass(TimeSpan.FromSeconds(5));
        var quick = Hold(leaseTime: TimeSpan.FromSeconds(3));
        Pass(TimeSpan.FromSeconds(4));
        Assert.That(_store.Renewed, Has.Count.InRange(3, 4));
        AssertHeld(slow, quick);
    }

    [Test]
    public void ManyLeasesOfAKey_AreRenewedInBatchesAllAtOnce()
    {
        _store.Pending = [];
        var leases = Enumerable.Range(1, 100).Select(_ => Hold()).ToArray();
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed.Select(batch => batch.Length), Is.EqualTo(new[] { 48, 48, 4 }));
        AssertHeld(leases);
    }

    [Test]
    public void ManyKeys_AreRenewedWithoutWaitingForOneAnother()
    {
        _store.Pending = [];
        var leases = Enumerable.Range(1, 500).Select(number => Hold($"key:{number}")).ToArray();
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed, Has.Count.EqualTo(500));
        AssertHeld(leases);
    }

    [Test]
    public async Task MoreKeysThanAreAskedForAtOnce_FollowAsAnswersCome()
    {
        _store.Pending = [];
        var leases = Enumerable.Range(1, 3000).Select(number => Hold($"key:{number}")).ToArray();
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed, Has.Count.InRange(256, 2000));
        for (var answered = 0; answered < 3000; answered++)
        {
            await _store.AnswerAsync(answered, ~0);
        }

        await Eventually.BecomesTrueAsync(() => leases.All(lease => lease.Held!.Group!.Renewals == 0));
        Pass(TimeSpan.FromSeconds(25));
        AssertHeld(leases);
    }

    [Test]
    public void LeaseThatTheStoreHasLost_IsLostAndRenewedNoMore()
    {
        var (gone, standing) = (Hold(), Hold());
        _store.Standing = 0b10;
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(gone.Lost.IsCancellationRequested, Is.True);
        AssertHeld(standing);
        _store.Standing = ~0;
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed[^1], Is.EqualTo(new[] { standing.Held }));
    }

    [Test]
    public async Task StoreThatIsBack_IsAskedAtOnceWhatItStillHas()
    {
        var (gone, standing, other) = (Hold(), Hold(), Hold("other"));
        _store.Standing = 0b10;
        _store.IsAway = true;
        Assert.That(await BackAsync(), Is.True);
        AssertHeld(gone, standing, other);
        _store.IsAway = false;
        Assert.That(await BackAsync(), Is.True);
        Assert.That(
            new[] { gone, standing, other }.Select(lease => lease.Lost.IsCancellationRequested), Is.EqualTo(new[] { true, false, true }));

        // What was renewed has its whole time again.
        _store.Standing = ~0;
        Pass(TimeSpan.FromMinutes(2));
        AssertHeld(standing);
    }

    [Test]
    public async Task StoreThatIsBack_BeforeARenewalHasFailed_IsAskedAgain()
    {
        _store.Pending = [];
        var lease = Hold();
        Pass(TimeSpan.FromSeconds(10.5));
        await BackAsync();
        await _store.AnswerAsync(0, standing: null);
        await Eventually.BecomesTrueAsync(() => lease.Held!.Group!.Renewals == 0);
        Pass(TimeSpan.FromSeconds(0.5));
        await _store.AnswerAsync(1, standing: 0);
        await Eventually.BecomesTrueAsync(() => lease.Lost.IsCancellationRequested);
    }

    [Test]
    public void StoreThatCannotBeAsked_LosesTheLeaseWhenItsTimeIsOverAndNotBefore()
    {
        var lease = Hold();
        _store.Standing = null;
        Pass(TimeSpan.FromSeconds(29));
        AssertHeld(lease);
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(lease.Lost.IsCancellationRequested, Is.True);
    }

    [TestCase(1)]
    [TestCase(30)]
    [TestCase(86400)]
    public void RenewalWithoutAnEnd_LosesTheLeaseBeforeItEndsInTheStore(int seconds)
    {
        _store.Pending = [];
        var lease = Hold(leaseTime: TimeSpan.FromSeconds(seconds));
        _clock.Advance(TimeSpan.FromSeconds(seconds * 0.9));
        Assert.That(_store.Pending, Has.Count.EqualTo(1));
        AssertHeld(lease);
        _clock.Advance(TimeSpan.FromSeconds(seconds * 0.0999));
        Assert.That(lease.Lost.IsCancellationRequested, Is.True);
        Assert.That(_store.Released, Is.EqualTo(new[] { lease.Held }), "what may have been prolonged is given back");
    }

    [Test]
    public void HolderThatListens_HearsOfTheLoss()
    {
        using var heard = new ManualResetEventSlim();
        var lease = Hold();
        using var registration = lease.Lost.Register(heard.Set);
        _store.Standing = null;
        Pass(TimeSpan.FromSeconds(30));
        Assert.That(heard.Wait(TimeSpan.FromSeconds(30)), Is.True);
        GC.KeepAlive(lease);
    }

    [Test]
    public void StoreThatComesBackInTime_KeepsTheLease()
    {
        var lease = Hold();
        _store.Standing = null;
        Pass(TimeSpan.FromSeconds(25));
        _store.Standing = ~0;
        Pass(TimeSpan.FromMinutes(2));
        AssertHeld(lease);
    }

    [Test]
    public async Task LeaseThatIsTakenWhileTheKeysOthersEnd_IsRenewed()
    {
        _store.Pending = [];
        var first = Hold();
        Pass(TimeSpan.FromSeconds(10.5));
        await first.DisposeAsync();
        var second = Hold();
        await _store.AnswerAsync(0, standing: 0);
        await Eventually.BecomesTrueAsync(() => second.Held!.Group!.Renewals == 0);
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed[1..], Is.EqualTo(new HeldLease[][] { [second.Held!] }));
        AssertHeld(second);
        Assert.That(first.Lost.IsCancellationRequested, Is.False, "it has been given back, and not lost");
    }

    [Test]
    public void LeaseThatItsHolderHasForgotten_IsGivenBackAndNotRenewed()
    {
        HoldAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(() => _store.Released, Has.Count.EqualTo(1).After(30_000, 1));
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(_store.Renewed, Is.Empty);
    }

    [Test]
    public async Task KeeperWithoutLeases_HasNoTimerRunning()
    {
        await Hold().DisposeAsync();
        Pass(TimeSpan.FromMinutes(5));
        Assert.That(_store.Renewed, Is.Empty);
        var lease = Hold();
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed, Has.Count.EqualTo(1), "and has one again");
        GC.KeepAlive(lease);
    }

    [Test]
    public async Task DisposedKeeper_TellsItsHoldersAndTakesNothingFromThem()
    {
        var (first, second) = (Hold(), Hold("other"));
        await _keeper.DisposeAsync();
        Assert.That(_store.Released, Is.Empty);
        Assert.That(first.Lost.IsCancellationRequested && second.Lost.IsCancellationRequested, Is.True);
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(_store.Renewed, Is.Empty);
    }

    private ValueTask<bool> BackAsync() => _keeper.RunAsync(Mock.Of<IRedisGateway>());

    private ConcurrencyLease Hold(string key = "key", TimeSpan? leaseTime = null)
    {
        var limit = leaseTime is { } time ? RateLimit.Concurrency(2, time) : Limit;
        return _keeper.Hold(limit.ToLease(LocalKey.Of(key, limit), ++_name, 1), _name, _clock.GetTimestamp());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HoldAndForget() => Hold();

    private static void AssertHeld(params ConcurrencyLease[] leases) =>
        Assert.That(leases.Count(lease => lease.Lost.IsCancellationRequested), Is.Zero);

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(50))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }
}
