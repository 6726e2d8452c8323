using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;

namespace RedisResilience.Tests.RateLimiting.Leases;

/// <summary>Leases of a concurrency limit, on the test's time.</summary>
internal sealed class LeaseTests : IDisposable
{
    private static readonly Concurrency Limit = RateLimit.Concurrency(2, TimeSpan.FromSeconds(30));

    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLeaseStore _store = new();
    private readonly LeaseKeeper _keeper;

    public LeaseTests() => _keeper = new LeaseKeeper(_store, _clock);

    public void Dispose() => _keeper.Dispose();

    [Test]
    public async Task DisposedLease_IsGivenBackOnce()
    {
        var lease = Hold(1);
        await lease.DisposeAsync();
        await lease.DisposeAsync();
        lease.Dispose();
        Assert.That(_store.Released, Is.EqualTo(new[] { new HeldLease(1, 1) }));
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
    }

    [Test]
    public void HeldLeases_AreRenewedTogetherEveryThirdOfTheirTime()
    {
        var leases = new[] { Hold(1), Hold(2) };
        Pass(TimeSpan.FromSeconds(9.5));
        Assert.That(_store.Renewed, Is.Empty);
        Pass(TimeSpan.FromSeconds(1));
        Assert.That(_store.Renewed, Has.Count.EqualTo(1));
        Assert.That(_store.Renewed[0], Is.EqualTo(leases.Select(lease => lease.Held)));
        Pass(TimeSpan.FromMinutes(5));
        Assert.That(_store.Renewed, Has.Count.InRange(25, 31));
        Assert.That(leases.Any(lease => lease.Lost.IsCancellationRequested), Is.False);
    }

    [Test]
    public void ManyLeasesOfAKey_AreRenewedInBatches()
    {
        var leases = Enumerable.Range(1, 100).Select(id => Hold(id)).ToArray();
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed.Select(batch => batch.Count), Is.EqualTo(new[] { 48, 48, 4 }));
        Assert.That(leases.Any(lease => lease.Lost.IsCancellationRequested), Is.False);
    }

    [Test]
    public void LeaseThatTheStoreHasLost_IsLostAndRenewedNoMore()
    {
        var (gone, standing) = (Hold(1), Hold(2));
        _store.Standing = 0b10;
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(() => gone.Lost.IsCancellationRequested, Is.True.After(5000, 1));
        Assert.That(standing.Lost.IsCancellationRequested, Is.False);
        _store.Standing = ~0;
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed[^1], Is.EqualTo(new[] { standing.Held }));
    }

    [Test]
    public void StoreThatCannotBeAsked_LosesTheLeaseWhenItsTimeIsOverAndNotBefore()
    {
        var lease = Hold(1);
        _store.Standing = null;
        Pass(TimeSpan.FromSeconds(29));
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
        Pass(TimeSpan.FromSeconds(2));
        Assert.That(() => lease.Lost.IsCancellationRequested, Is.True.After(5000, 1));
    }

    [Test]
    public void StoreThatComesBackInTime_KeepsTheLease()
    {
        var lease = Hold(1);
        _store.Standing = null;
        Pass(TimeSpan.FromSeconds(25));
        _store.Standing = ~0;
        Pass(TimeSpan.FromMinutes(2));
        Assert.That(lease.Lost.IsCancellationRequested, Is.False);
    }

    [Test]
    public void LeaseThatItsHolderHasForgotten_IsNotRenewed()
    {
        HoldAndForget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Pass(TimeSpan.FromMinutes(1));
        Assert.That(_store.Renewed, Is.Empty);
    }

    [Test]
    public async Task KeeperWithoutLeases_HasNoTimerRunning()
    {
        await Hold(1).DisposeAsync();
        Pass(TimeSpan.FromMinutes(5));
        Assert.That(_store.Renewed, Is.Empty);
        var lease = Hold(2);
        Pass(TimeSpan.FromSeconds(10.5));
        Assert.That(_store.Renewed, Has.Count.EqualTo(1), "and has one again");
        GC.KeepAlive(lease);
    }

    [Test]
    public async Task InMemory_LeasesAreHeldAsLongAsTheirHoldersLive()
    {
        using var limiter = new InMemoryRateLimiter(_clock);
        var (first, second) = (await limiter.AcquireAsync("key", Limit), await limiter.AcquireAsync("key", Limit));
        Assert.That(second.Lease!.FencingToken, Is.GreaterThan(first.Lease!.FencingToken));
        Pass(TimeSpan.FromMinutes(10));
        Assert.That((await limiter.AcquireAsync("key", Limit)).IsAllowed, Is.False);
        await first.Lease.DisposeAsync();
        var third = await limiter.AcquireAsync("key", Limit);
        Assert.That(third.IsAllowed, Is.True);
        Assert.That(third.Lease!.FencingToken, Is.GreaterThan(second.Lease.FencingToken));
    }

    [Test]
    public async Task InMemory_SeveralPermitsAreOneLease()
    {
        using var limiter = new InMemoryRateLimiter(_clock);
        var both = await limiter.AcquireAsync("key", Limit, 2);
        Assert.That((both.Lease!.Permits, both.Remaining), Is.EqualTo((2, 0)));
        await both.Lease.DisposeAsync();
        Assert.That((await limiter.AcquireAsync("key", Limit, 0)).Remaining, Is.EqualTo(2));
    }

    private ConcurrencyLease Hold(long id) => _keeper.Hold("key", Limit, new HeldLease(id, 1), _clock.GetTimestamp());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HoldAndForget() => Hold(1);

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(250))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    private sealed class FakeLeaseStore : ILeaseStore
    {
        public List<IReadOnlyList<HeldLease>> Renewed { get; } = [];

        public List<HeldLease> Released { get; } = [];

        /// <summary>Which leases still stand. Null: nobody can be asked.</summary>
        public long? Standing { get; set; } = ~0;

        public ValueTask<long?> RenewAsync(string key, Concurrency limit, IReadOnlyList<HeldLease> leases)
        {
            Renewed.Add(leases);
            return new ValueTask<long?>(Standing);
        }

        public ValueTask ReleaseAsync(string key, Concurrency limit, HeldLease lease)
        {
            Released.Add(lease);
            return ValueTask.CompletedTask;
        }
    }
}
