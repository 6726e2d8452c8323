using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.RateLimiting;

/// <summary>One limit of a client: the application's own limit, and what the API has said about its limits.</summary>
internal sealed class HttpLimit(
    string name, RateLimit limit, HttpLimitOptions options, IRateLimiter limiter, IUpstreamQuota upstream, TimeProvider timeProvider)
{
    private readonly RateLimit _limit = limit with { Name = name, FailurePolicy = options.FailurePolicy };

    public string Name { get; } = name;

    public HttpLimitOptions Options { get; } = options;

    /// <summary>The call of a request; null when it is not limited.</summary>
    public LimitedCall? CallOf(HttpRequestMessage request)
    {
        var cost = Options.Cost?.Invoke(request) ?? 1;
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        return cost > 0 && Options.Key(request) is { } key
            ? new LimitedCall(HttpLimitKeys.Clean(key), cost, WaitOf(request))
            : null;
    }

    /// <summary>What the API has said is stored separately for each limit and key.</summary>
    public string UpstreamKey(string key) => $"{Name}:{key}";

    /// <summary>
    /// Waits until the request has its permits, and the API allows a call. It takes the permits after a pause, because permits from before
    /// a pause would all be spent at its end. If the API closes meanwhile, the permits go back.
    /// </summary>
    public async ValueTask<RateLimitDecision> WaitAsync(LimitedCall call, CancellationToken cancellationToken)
    {
        var (startedAt, key) = (timeProvider.GetTimestamp(), UpstreamKey(call.Key));
        var closed = upstream.KnownWait(key);
        while (true)
        {
            if (closed > TimeSpan.Zero)
            {
                var left = Left(call, startedAt);
                if (closed > left)
                {
                    return Refused(closed);
                }

                // Not all at once, and nobody for longer than it may wait.
                var spread = left - closed < Options.Spread ? left - closed : Options.Spread;
                await Task.Delay(closed + (spread * Random.Shared.NextDouble()), timeProvider, cancellationToken).ConfigureAwait(false);
            }

            var turn = await limiter.WaitAsync(call.Key, _limit, call.Cost, Left(call, startedAt), cancellationToken).ConfigureAwait(false);
            if (!turn.IsAllowed)
            {
                return turn;
            }

            try
            {
                // Redis has just not answered: to ask it again would hold the request up for another deadline.
                var refusal = turn.IsDegraded
                    ? upstream.TakeKnown(key, call.Cost)
                    : await upstream.TakeAsync(key, call.Cost, cancellationToken).ConfigureAwait(false);
                if (refusal is not { } wait)
                {
                    return turn;
                }

                closed = wait;
            }
            catch (OperationCanceledException)
            {
                await GiveBackAsync(call, turn).ConfigureAwait(false);
                throw;
            }

            await GiveBackAsync(call, turn).ConfigureAwait(false);
        }
    }

    private TimeSpan WaitOf(HttpRequestMessage request) =>
        !request.Options.TryGetValue(HttpLimitRequest.MaximumWait, out var wait) ? Options.MaximumWait
        : wait > HttpLimitOptions.LongestWait || wait == Timeout.InfiniteTimeSpan ? HttpLimitOptions.LongestWait
        : wait;

    private TimeSpan Left(LimitedCall call, long startedAt) =>
        call.MaximumWait - timeProvider.GetElapsedTime(startedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private RateLimitDecision Refused(TimeSpan retryAfter) =>
        new() { IsAllowed = false, Limit = _limit.Permits, Remaining = 0, RetryAfter = retryAfter, Source = DecisionSource.Local };

    private async ValueTask GiveBackAsync(LimitedCall call, RateLimitDecision turn)
    {
        if (turn.Lease is { } lease)
        {
            await lease.DisposeAsync().ConfigureAwait(false);
        }
        else if (_limit is { IsHeld: false })
        {
            await limiter.RefundAsync(call.Key, _limit, turn, call.Cost, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
