namespace RedisResilience.RateLimiting.Local.Sharing;

/// <summary>A caller that waits for a shared call.</summary>
internal sealed class WaitingCaller : TaskCompletionSource<RateLimitDecision>
{
    private readonly CancellationTokenRegistration _cancellation;

    // Callers go on by themselves: one that blocks must not keep the others waiting.
    public WaitingCaller(long joinedAt, CancellationToken cancellationToken)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        JoinedAt = joinedAt;
        _cancellation = cancellationToken.UnsafeRegister(static (caller, token) => ((WaitingCaller)caller!).TrySetCanceled(token), this);
    }

    /// <summary>A timestamp: the call's deadline counts from here.</summary>
    public long JoinedAt { get; }

    /// <summary>Whether the caller has its answer or has stopped waiting.</summary>
    public bool IsDone => Task.IsCompleted;

    /// <returns>Whether the caller got the answer. False when the caller has left.</returns>
    public bool TryAnswer(in RateLimitDecision decision)
    {
        _cancellation.Dispose();
        return TrySetResult(decision);
    }
}
