using RedisResilience.Caching;
using RedisResilience.Caching.Stores;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.Tests.Caching.Filling;

/// <summary>A load that takes longer than its lease.</summary>
internal sealed class LeaseRenewalTests
{
    private const string Key = "predictions:AAPL";
    private static readonly CacheEntryOptions TenSeconds = new(TimeSpan.FromHours(1))
    {
        LeaseTime = TimeSpan.FromSeconds(10),
        MaximumFillWait = TimeSpan.Zero,
    };

    private readonly SimulatedRedis _redis = new();
    private readonly SimulatedNode _node;
    private readonly TaskCompletionSource<SourceResponse> _load = new();

    public LeaseRenewalTests() => _node = new SimulatedNode(_redis) { Source = (_, _) => new ValueTask<SourceResponse>(_load.Task) };

    [Test]
    public async Task LongLoad_IsStoredAllTheSame()
    {
        var call = _node.GetOrCreateAsync(Key, TenSeconds);
        Pass(TimeSpan.FromSeconds(55));
        _load.SetResult(SimulatedNode.Body("late"));
        await call.WaitAsync(Patience.Limit);
        Assert.That(await _node.HasAsync(Key), Is.True);
    }

    [Test]
    public async Task WhileItLoads_NobodyElseFills()
    {
        var call = _node.GetOrCreateAsync(Key, TenSeconds);
        Pass(TimeSpan.FromSeconds(35));
        var other = new SimulatedNode(_redis);
        await other.GetOrCreateAsync(Key, TenSeconds);
        Assert.That(await other.HasAsync(Key), Is.False, "it was filled without the lease");
        _load.SetResult(SimulatedNode.Body("late"));
        await call.WaitAsync(Patience.Limit);
    }

    [Test]
    public async Task LongerThanALoadMayTake_ItIsServedAndNotStored_AndOthersFill()
    {
        var call = _node.GetOrCreateAsync(Key, TenSeconds with { MaximumLoadTime = TimeSpan.FromSeconds(30) });
        Pass(TimeSpan.FromSeconds(41));
        var other = new SimulatedNode(_redis);
        await other.GetOrCreateAsync(Key, TenSeconds);
        Assert.That(await other.HasAsync(Key), Is.True);
        _load.SetResult(SimulatedNode.Body("too late"));
        Assert.That((await call.WaitAsync(Patience.Limit)).Body, Is.EqualTo("too late"));
        Assert.That((await other.GetOrCreateAsync(Key, TenSeconds)).Body, Is.EqualTo("1"), "the late load was stored over it");
    }

    [Test]
    public async Task LeaseThatWasTakenAway_IsNotProlonged()
    {
        var call = _node.GetOrCreateAsync(Key, TenSeconds);
        Pass(TimeSpan.FromSeconds(15));
        await new SimulatedNode(_redis).Cache.RemoveAsync(Key);
        Pass(TimeSpan.FromSeconds(15));
        _load.SetResult(SimulatedNode.Body("older than the removal"));
        await call.WaitAsync(Patience.Limit);
        Assert.That(await _node.HasAsync(Key), Is.False);
    }

    [Test]
    public async Task LoadThatHasEnded_LeavesNoLeaseBehind()
    {
        var call = _node.GetOrCreateAsync(Key, TenSeconds);
        Pass(TimeSpan.FromSeconds(15));
        _load.SetException(new TimeoutException());
        Assert.That(() => call.WaitAsync(Patience.Limit), Throws.TypeOf<TimeoutException>());
        var request = new LeaseRequest(LeaseRequest.NewToken(), TimeSpan.FromSeconds(10), OverridesCoolDown: false, default);
        Assert.That((await _redis.Store.AcquireAsync(Key, request)).Value.Status, Is.EqualTo(LeaseStatus.Acquired));
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _redis.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
