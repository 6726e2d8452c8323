namespace RedisResilience.Gateway.Health;

/// <summary>
/// The very first attempt to reach Redis. Calls wait for its outcome instead of going on without Redis. All of them together wait no longer
/// than the maximum deadline, because the distance to Redis is not known yet.
/// </summary>
/// <remarks>
/// That time begins with the first call that waits. Counted from the start of the process, it would be over before the first call on a
/// machine whose start takes longer than a deadline, and nobody would have waited.
/// </remarks>
internal sealed class FirstAttempt : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _longest;
    private readonly ITimer _timer;
    private bool _isAwaited;

    public FirstAttempt(TimeSpan longest, TimeProvider timeProvider)
    {
        _longest = longest;
        _timer = timeProvider.CreateTimer(
            static attempt => ((FirstAttempt)attempt!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsUnderWay => !_ended.Task.IsCompleted;

    /// <summary>Completes when it has led to something, or when somebody has waited for too long.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        if (!Interlocked.Exchange(ref _isAwaited, true))
        {
            _timer.Change(_longest, Timeout.InfiniteTimeSpan);
        }

        return _ended.Task.WaitAsync(cancellationToken);
    }

    public void End()
    {
        if (_ended.TrySetResult())
        {
            _timer.Dispose();
        }
    }

    public void Dispose() => End();
}
