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
    IEntryStore store, InFlightLoads loads, TagStamps tags, LeaseReleases releases, WritePause pause, StoreTurns turns,
    TimeProvider timeProvider)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PendingLeaseRequest> _underWay = new(StringComparer.Ordinal);

    public PendingLeaseRequest Join(string key, SourceCall call, ReadOnlyMemory<byte> seen, bool overridesCoolDown, TimeSpan maximumWait)
    {
        PendingLeaseRequest pending;
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

            pending = new PendingLeaseRequest(key, call, seen, overridesCoolDown, maximumWait, timeProvider.GetTimestamp());
            _underWay.Add(key, pending);
        }

        _ = RunAsync(pending);
        return pending;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Others wait for this question, who have "
        + "no part in what went wrong: to them it is one without an answer.")]
    private async Task RunAsync(PendingLeaseRequest pending)
    {
        for (PendingLeaseRequest? current = pending; current is not null;)
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

    private async Task<LeaseRequestResult> AskAsync(PendingLeaseRequest pending)
    {
        var patience = new Patience(pending.MaximumWait, pending.JoinedAt, timeProvider);
        while (!pending.IsDeserted)
        {
            var request = pending.NewRequest();
            var answer = await AcquireAsync(pending, request).ConfigureAwait(false);
            if (!answer.IsAnswered)
            {
                // It may have been taken all the same, or be taken yet; whoever has it must not keep the others waiting.
                pause.Observe(answer.Fault);
                _ = releases.ReleaseAsync(pending.Key, request.Token, request.LeaseTime, TimeSpan.Zero).AsTask();
                return default;
            }

            var reply = answer.Value;
            if (reply.Status == LeaseStatus.Acquired)
            {
                return new LeaseRequestResult(LeaseStatus.Acquired, loads.Start(
                    pending.Key, pending.Call, new InFlightLease(request.Token, reply.AcquiredAt), pending.Since));
            }

            if (reply.Status == LeaseStatus.Held && loads.JoinLeased(pending.Key, reply.Holder) is { } load)
            {
                if (await tags.AreCurrentAsync(load, pending.Since).ConfigureAwait(false))
                {
                    return new LeaseRequestResult(LeaseStatus.Acquired, load);
                }

                // One of its tags has been removed since: what it brings is void already, and whoever comes now must not be given it.
                load.Leave();
                loads.Forget(pending.Key);
                await store.ReleaseAsync(pending.Key, reply.Holder, TimeSpan.Zero).ConfigureAwait(false);
                continue;
            }

            if (reply.Status == LeaseStatus.Held)
            {
                BeginWait(pending);
            }

            if (reply.Status != LeaseStatus.Held || !await patience.WaitAsync(reply.Remaining).ConfigureAwait(false))
            {
                return new LeaseRequestResult(reply.Status);
            }

            // What was waited for is a load, and not the store.
            pending.Since = timeProvider.GetTimestamp();
        }

        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Answer<LeaseReply>> AcquireAsync(PendingLeaseRequest pending, LeaseRequest request)
    {
        var entering = pending.Call.TakesTurns ? turns.EnterAsync(pending.Call.Options.MaximumFillWait) : default;
        var isWaiting = !entering.IsCompleted;
        if (isWaiting)
        {
            BeginWait(pending);
        }

        var hasTurn = await entering.ConfigureAwait(false);

        // What was waited for were others, and not the store.
        pending.Since = isWaiting ? timeProvider.GetTimestamp() : pending.Since;
        try
        {
            var answer = await store.Since(pending.Since).AcquireAsync(pending.Key, request).ConfigureAwait(false);
            turns.Observe(answer.IsAnswered);
            return answer;
        }
        finally
        {
            turns.Leave(hasTurn);
        }
    }

    private void BeginWait(PendingLeaseRequest pending)
    {
        lock (_lock)
        {
            pending.BeginWait();
        }
    }
}
