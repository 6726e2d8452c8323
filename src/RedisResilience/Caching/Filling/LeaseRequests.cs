using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Filling;

/// <summary>
/// Asks the store for the right to fill a missing entry: one question for all callers of this process, and after it one for the callers who
/// came meanwhile.
/// </summary>
/// <remarks>
/// A caller never joins a question that was sent before the caller came, for the same reason as with reads. So a load that a caller joins
/// has begun after the call began, or its lease was found to stand after that. It therefore respects every invalidation that was
/// acknowledged before.
/// </remarks>
internal sealed class LeaseRequests(
    IEntryStore store, InFlightLoads flights, TagStamps tags, LeaseReleases releases, WritePause pause, StoreTurns turns,
    TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingLeaseRequest> _underWay = new(StringComparer.Ordinal);

    public PendingLeaseRequest Join(string key, SourceCall call, ReadOnlyMemory<byte> seen, bool overridesCoolDown, TimeSpan maximumWait)
    {
        PendingLeaseRequest contest;
        lock (_lock)
        {
            if (_underWay.TryGetValue(key, out var current))
            {
                if (current.Next is { } next)
                {
                    next.Join();
                    return next;
                }

                current.Next = new PendingLeaseRequest(key, call, seen, overridesCoolDown, maximumWait, timeProvider.GetTimestamp());
                if (current.Waits.IsCompleted)
                {
                    current.BeginWait();
                }

                return current.Next;
            }

            contest = new PendingLeaseRequest(key, call, seen, overridesCoolDown, maximumWait, timeProvider.GetTimestamp());
            _underWay.Add(key, contest);
        }

        _ = RunAsync(contest);
        return contest;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Others wait for this question, who have "
        + "no part in what went wrong: to them it is one without an answer.")]
    private async Task RunAsync(PendingLeaseRequest contest)
    {
        for (PendingLeaseRequest? current = contest; current is not null;)
        {
            LeaseRequestResult result;
            try
            {
                result = await AskAsync(current).ConfigureAwait(false);
            }
            catch (Exception)
            {
                result = default;
            }

            var ended = current;
            current = Advance(ended);
            ended.Decide(result);
        }
    }

    private PendingLeaseRequest? Advance(PendingLeaseRequest ended)
    {
        lock (_lock)
        {
            if (ended.Next is { } next)
            {
                next.Since = Math.Max(next.Since, ended.Since);
                return _underWay[ended.Key] = next;
            }

            _underWay.Remove(ended.Key);
            return null;
        }
    }

    private async Task<LeaseRequestResult> AskAsync(PendingLeaseRequest contest)
    {
        var patience = new Patience(contest.MaximumWait, contest.JoinedAt, timeProvider);
        while (!contest.IsDeserted)
        {
            var request = contest.NewRequest();
            var answer = await AcquireAsync(contest, request).ConfigureAwait(false);
            if (!answer.IsAnswered)
            {
                // It may have been taken all the same, or be taken yet; whoever has it must not keep the others waiting.
                pause.Observe(answer.Fault);
                _ = releases.ReleaseAsync(contest.Key, request.Token, request.LeaseTime, TimeSpan.Zero).AsTask();
                return default;
            }

            var reply = answer.Value;
            if (reply.Status == LeaseStatus.Acquired)
            {
                return new LeaseRequestResult(LeaseStatus.Acquired, flights.Start(
                    contest.Key, contest.Call, new InFlightLease(request.Token, reply.AcquiredAt), contest.Since));
            }

            if (reply.Status == LeaseStatus.Held && flights.JoinLeased(contest.Key, reply.Holder) is { } flight)
            {
                if (await tags.AreCurrentAsync(flight, contest.Since).ConfigureAwait(false))
                {
                    return new LeaseRequestResult(LeaseStatus.Acquired, flight);
                }

                // One of its tags has been removed since: what it brings is void already, and whoever comes now must not be given it.
                flight.Leave();
                flights.Forget(contest.Key);
                await store.ReleaseAsync(contest.Key, reply.Holder, TimeSpan.Zero).ConfigureAwait(false);
                continue;
            }

            if (reply.Status == LeaseStatus.Held)
            {
                BeginWait(contest);
            }

            if (reply.Status != LeaseStatus.Held || !await patience.WaitAsync(reply.Remaining).ConfigureAwait(false))
            {
                return new LeaseRequestResult(reply.Status);
            }

            // What was waited for is a load, and not the store.
            contest.Since = timeProvider.GetTimestamp();
        }

        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer<LeaseReply>> AcquireAsync(PendingLeaseRequest contest, LeaseRequest request)
    {
        var entering = contest.Call.TakesTurns ? turns.EnterAsync(contest.Call.Options.MaximumFillWait) : default;
        var isWaiting = !entering.IsCompleted;
        if (isWaiting)
        {
            BeginWait(contest);
        }

        var hasTurn = await entering.ConfigureAwait(false);

        // What was waited for were others, and not the store.
        contest.Since = isWaiting ? timeProvider.GetTimestamp() : contest.Since;
        try
        {
            var answer = await store.Since(contest.Since).AcquireAsync(contest.Key, request).ConfigureAwait(false);
            turns.Observe(answer.IsAnswered);
            return answer;
        }
        finally
        {
            turns.Leave(hasTurn);
        }
    }

    private void BeginWait(PendingLeaseRequest contest)
    {
        lock (_lock)
        {
            contest.BeginWait();
        }
    }
}
