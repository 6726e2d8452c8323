using RedisResilience.Gateway;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Redis;

namespace RedisResilience.Tests.RateLimiting.Local;

/// <summary><see cref="FailurePolicy.Local"/> of permits that are held: those that Redis gave before the outage are held in it.</summary>
internal sealed class HeldSharesTests
{
    private static readonly RateLimit Five = RateLimit.Concurrency(5, TimeSpan.FromSeconds(30)) with
    {
        FailurePolicy = FailurePolicy.Local,
    };

    private readonly SetClock _time = new();
    private readonly HeldPermits _redis;
    private readonly List<ConcurrencyLease> _leases = [];

    public HeldSharesTests() => _redis = new HeldPermits(_time, 5);

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(5)]
    public async Task NodeAlone_HoldsTheLimitAndNotMore(int before)
    {
        await using var node = _redis.NewNode();
        Assert.That(await TakeAsync(node, before), Is.EqualTo(before));
        Pass(TimeSpan.FromMinutes(1));
        _redis.Fault = Fault.CircuitOpen;
        Assert.That(await TakeAsync(node, 10), Is.EqualTo(5 - before));
    }

    [Test]
    public async Task PermitsThatGoBackInTheOutage_CanBeTakenInIt()
    {
        await using var node = _redis.NewNode();
        await TakeAsync(node, 5);
        _redis.Fault = Fault.CircuitOpen;
        await _leases[0].DisposeAsync();
        await _leases[1].DisposeAsync();
        Assert.That(await TakeAsync(node, 10), Is.EqualTo(2));
    }

    [Test]
    public async Task LeasesThatEndInTheOutage_FreeTheirPermits()
    {
        await using var node = _redis.NewNode();
        await TakeAsync(node, 5);
        _redis.Fault = Fault.CircuitOpen;
        Pass(TimeSpan.FromSeconds(31));
        Assert.That(await TakeAsync(node, 10), Is.EqualTo(5));
    }

    [TestCase(5, 0)]
    [TestCase(0, 5)]
    [TestCase(2, 1)]
    [TestCase(1, 4)]
    public async Task SeveralNodes_TogetherHoldTheLimitAndNotMore(int first, int second)
    {
        await using var one = _redis.NewNode();
        await using var other = _redis.NewNode();
        await TakeAsync(one, first);
        await TakeAsync(other, second);
        await one.AcquireAsync("key", Five, 0);
        await other.AcquireAsync("key", Five, 0);

        // Each hears of the other, and what is held stays held.
        Pass(TimeSpan.FromMinutes(1));
        _redis.Fault = Fault.CircuitOpen;
        await TakeAsync(one, 10);
        await TakeAsync(other, 10);
        Assert.That(Held, Is.InRange(first + second, 5));

        // What Redis gave is over, and what they have taken since is not.
        Pass(TimeSpan.FromMinutes(2));
        await TakeAsync(one, 10);
        await TakeAsync(other, 10);
        Assert.That(Held, Is.EqualTo(5));
    }

    [Test]
    public async Task FloodOfOtherKeys_MakesNothingForgottenThatIsHeld()
    {
        await using var node = _redis.NewNode(localKeys: 10);
        _redis.Fault = Fault.CircuitOpen;
        Assert.That(await TakeAsync(node, 10), Is.EqualTo(5));
        for (var other = 0; other < 1000; other++)
        {
            await using var lease = (await node.AcquireAsync($"other {other}", Five)).Lease;
            Assert.That(lease, Is.Not.Null);
        }

        Assert.That(await TakeAsync(node, 10), Is.Zero);
        _leases.ForEach(lease => lease.Dispose());
        _leases.Clear();
        Assert.That(await TakeAsync(node, 10), Is.EqualTo(5));
    }

    [TestCase(3600)]
    [TestCase(-3600)]
    [Description("The clock of the machine is set: no lease of a share ends for that, and none is held for longer.")]
    public async Task SetClock_ChangesNothing(int seconds)
    {
        await using var node = _redis.NewNode();
        _redis.Fault = Fault.CircuitOpen;
        Assert.That(await TakeAsync(node, 10), Is.EqualTo(5));
        _time.SetBy = TimeSpan.FromSeconds(seconds);
        Assert.That(await TakeAsync(node, 10), Is.Zero);
        Pass(TimeSpan.FromMinutes(1));
        Assert.That((await TakeAsync(node, 10), Held), Is.EqualTo((0, 5)));
    }

    [Test]
    public async Task LookAtWhatIsLeft_HoldsNothing()
    {
        await using var one = _redis.NewNode();
        await using var other = _redis.NewNode();
        await TakeAsync(one, 1);
        await other.AcquireAsync("key", Five, 0);
        Pass(TimeSpan.FromMinutes(1));
        Assert.That((await one.AcquireAsync("key", Five, 0)).Remaining, Is.EqualTo(4));
    }

    private int Held => _leases.Where(lease => !lease.Lost.IsCancellationRequested).Sum(lease => lease.Permits);

    private async Task<int> TakeAsync(RedisRateLimiter node, int calls)
    {
        var allowed = 0;
        for (var call = 0; call < calls; call++)
        {
            if ((await node.AcquireAsync("key", Five)).Lease is { } lease)
            {
                _leases.Add(lease);
                allowed++;
            }
        }

        return allowed;
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(100))
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
