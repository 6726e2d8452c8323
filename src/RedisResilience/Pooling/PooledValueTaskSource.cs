using System.Threading.Tasks.Sources;

namespace RedisResilience.Pooling;

/// <summary>The source of the task of one call. When the result has been taken, it can serve another call.</summary>
internal abstract class PooledValueTaskSource<TResult> : IValueTaskSource<TResult>
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    public ValueTask<TResult> Task => new(this, _core.Version);

    public void SetResult(TResult result) => _core.SetResult(result);

    public void SetException(Exception exception) => _core.SetException(exception);

    public TResult GetResult(short token)
    {
        // This throws for a caller that awaits twice or too early: the source may be another call's by then, and is not given back.
        var status = _core.GetStatus(token);
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (status != ValueTaskSourceStatus.Pending)
            {
                _core.Reset();
                GiveBack();
            }
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Keeps nothing of the call, and lets another have this object.</summary>
    protected abstract void GiveBack();
}
