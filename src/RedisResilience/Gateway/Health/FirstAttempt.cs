namespace RedisResilience.Gateway.Health;

/// <summary>
/// The very first attempt to reach Redis. Calls wait for its outcome instead of going on without Redis. All of them together wait no longer
/// than the maximum deadline, because the distance to Redis is not known yet.
/// </summary>
internal sealed class FirstAttempt : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;

    public FirstAttempt(TimeSpan longest, TimeProvider timeProvider) =>
        _timer = timeProvider.CreateTimer(static attempt => ((FirstAttempt)attempt!).End(), this, longest, Timeout.InfiniteTimeSpan);

    public bool IsUnderWay => !_ended.Task.IsCompleted;

    /// <summary>Completes when it has led to something, or has taken too long.</summary>
    public Task Ended => _ended.Task;

    public void End()
    {
        if (_ended.TrySetResult())
        {
            _timer.Dispose();
        }
    }

    public void Dispose() => End();
}
