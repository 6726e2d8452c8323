using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace RedisResilience.Pooling;

/// <summary>The machine of a method that returns a <see cref="ValueTask{T}"/>, and that task's source. Free again when its result has been
/// taken.</summary>
internal sealed class PooledValueTaskMachine<TMachine, TResult> : PooledMachine<TMachine>, IPooledValueTask<TResult>
    where TMachine : IAsyncStateMachine
{
    private ManualResetValueTaskSourceCore<TResult> _source;

    private PooledValueTaskMachine()
    {
    }

    public short Version => _source.Version;

    public static PooledValueTaskMachine<TMachine, TResult> Rent() =>
        ObjectPool<PooledValueTaskMachine<TMachine, TResult>>.TryTake() ?? new PooledValueTaskMachine<TMachine, TResult>();

    public void SetResult(TResult result) => _source.SetResult(result);

    public void SetException(Exception exception) => _source.SetException(exception);

    public TResult GetResult(short token)
    {
        // Throws for whoever awaits twice, or too early: the machine is then somebody else's.
        var status = _source.GetStatus(token);
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            if (status != ValueTaskSourceStatus.Pending)
            {
                Clear();
                _source.Reset();
                ObjectPool<PooledValueTaskMachine<TMachine, TResult>>.Put(this);
            }
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
