using System.Collections.Concurrent;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.RateLimiting.Redis;

/// <summary>Gives permits back that nobody holds, at once, and what cannot go back at once as soon as Redis takes it.</summary>
internal sealed class PermitReturns : IRecoveryStep, IAsyncDisposable
{
    /// <summary>How often to look for what can be tried again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // More than can be under way when Redis goes away; those beyond it come back with time.
    private const int MostRemembered = 16 * 1024;

    // Told at the same time.
    private const int AtOnce = 256;

    private readonly ConcurrentQueue<Unreturned> _unreturned = new();
    private readonly RedisCounts _counts;
    private readonly Refunds _refunds;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private int _isArmed;

    public PermitReturns(RedisCounts counts, Refunds refunds, TimeProvider timeProvider)
    {
        (_counts, _refunds, _timeProvider) = (counts, refunds, timeProvider);
        _timer = timeProvider.CreateTimer(
            static state => _ = ((PermitReturns)state!).TryAgainAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gives back what a decision has given. Never throws.</summary>
    public Task ReturnAsync(string key, RateLimit limit, in RateLimitDecision decision, int permits)
    {
        var unreturned = new Unreturned(key, limit, decision, permits);
        if (!_counts.IsAway)
        {
            return ReturnAsync(_refunds, unreturned);
        }

        Remember(unreturned);
        return Task.CompletedTask;
    }

    /// <summary>Redis is back: what nobody holds is free before anybody asks.</summary>
    /// <returns>True: Redis is not kept waiting for what could not go back.</returns>
    public async ValueTask<bool> RunAsync(IRedisGateway redis)
    {
        await ReturnAllAsync(_refunds.Through(redis)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Gives back all that is remembered, as far as that can be done within one deadline.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        if (!_counts.IsAway)
        {
            await ReturnAllAsync(_refunds.Since(_timeProvider.GetTimestamp())).ConfigureAwait(false);
        }
    }

    // While Redis is away, the recovery sees to it.
    private async Task TryAgainAsync()
    {
        if (!_counts.IsAway)
        {
            await ReturnAllAsync(_refunds).ConfigureAwait(false);
        }

        // Disarmed before the look, for whoever remembers something after it arms the timer again.
        Interlocked.Exchange(ref _isArmed, 0);
        if (!_unreturned.IsEmpty)
        {
            Arm();
        }
    }

    // Where one is refused or not heard, the rest waits: one deadline or a few hundred refusals at a time are enough.
    private async Task ReturnAllAsync(Refunds way)
    {
        var isTaken = true;
        for (var left = _unreturned.Count; left > 0 && isTaken; left -= AtOnce)
        {
            var some = new List<Task<Fault>>(AtOnce);
            while (some.Count < Math.Min(left, AtOnce) && _unreturned.TryDequeue(out var one))
            {
                some.Add(ReturnAsync(way, one));
            }

            isTaken = Array.TrueForAll(await Task.WhenAll(some).ConfigureAwait(false), static fault => fault == Fault.None);
        }
    }

    // What may have been done is not done twice.
    private async Task<Fault> ReturnAsync(Refunds way, Unreturned one)
    {
        var fault = await way.RefundAsync(one.Key, one.Limit, one.Decision, one.Permits, CancellationToken.None).ConfigureAwait(false);
        if (!fault.MayHaveRun())
        {
            Remember(one);
        }

        return fault;
    }

    private void Remember(Unreturned one)
    {
        if (_unreturned.Count < MostRemembered)
        {
            _unreturned.Enqueue(one);
            Arm();
        }
    }

    private void Arm()
    {
        if (Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed record Unreturned(string Key, RateLimit Limit, RateLimitDecision Decision, int Permits);
}
