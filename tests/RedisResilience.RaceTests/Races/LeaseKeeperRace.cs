using System.Diagnostics.CodeAnalysis;
using RedisResilience.RaceTests.Scheduling;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Leases;
using RedisResilience.RateLimiting.Local;

namespace RedisResilience.RaceTests.Races;

/// <summary>A lease that is held on while others of its key come and go, with a store that answers in time: it is not lost, and nobody
/// holds what the store has given up.</summary>
[SuppressMessage(
    "Reliability", "CA1001", Justification = "A race ends with its interleaving, and nothing of it is anybody's after that.")]
internal sealed class LeaseKeeperRace : Race, ILeaseStore
{
    private const int Turns = 16;
    private static readonly Concurrency Limit = RateLimit.Concurrency(100, Concurrency.MinimumLeaseTime);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<long, DateTimeOffset> _ends = [];
    private Interleaving _run = null!;
    private LeaseKeeper _keeper = null!;
    private ConcurrencyLease _held = null!;
    private long _names;

    public override void Begin(Interleaving run)
    {
        _run = run;
        _keeper = new LeaseKeeper(this, run.Clock);
        _held = Take();
        for (var other = 0; other < 2; other++)
        {
            run.Start(ComeAndGoAsync);
        }

    }

    public override void Check()
    {
        Interleaving.Require(!_held.Lost.IsCancellationRequested, "a lease was lost that could be renewed");
        Interleaving.Require(_ends[_held.FencingToken] > _run.Clock.GetUtcNow(), "a lease has ended that nobody was told of");
    }

    public ValueTask<long?> RenewAsync(params ReadOnlySpan<HeldLease> leases) => AnswerAsync(leases.ToArray());

    public ValueTask<long?> ReleaseAsync(params ReadOnlySpan<HeldLease> leases)
    {
        foreach (var lease in leases)
        {
            _ends.Remove(lease.Name);
        }

        return new ValueTask<long?>(~0L);
    }

    private async ValueTask<long?> AnswerAsync(HeldLease[] leases)
    {
        await _run.YieldAsync();
        var standing = 0L;
        for (var place = 0; place < leases.Length; place++)
        {
            if (_ends.TryGetValue(leases[place].Name, out var end) && end > _run.Clock.GetUtcNow())
            {
                _ends[leases[place].Name] = _run.Clock.GetUtcNow() + leases[place].LeaseTime;
                standing |= 1L << place;
            }
        }

        await _run.YieldAsync();
        return standing;
    }

    private ConcurrencyLease Take()
    {
        var name = ++_names;
        _ends[name] = _run.Clock.GetUtcNow() + Limit.LeaseTime;
        return _keeper.Hold(Limit.ToLease(LocalKey.Of("key", Limit), name, 1), name, _run.Clock.GetTimestamp());
    }

    // Asked for more often than it has to be renewed.
    private async Task ComeAndGoAsync()
    {
        for (var turn = 0; turn < Turns; turn++)
        {
            var lease = Take();
            await _run.YieldAsync();
            Interleaving.Require(
                lease.Lost.IsCancellationRequested || _ends.ContainsKey(lease.FencingToken), "a lease is held that was given up");
            await lease.DisposeAsync();

            // Time passes when everybody else has done what there is to do: the store answers before that.
            await Task.Delay(Pause, _run.Clock);
        }
    }
}
