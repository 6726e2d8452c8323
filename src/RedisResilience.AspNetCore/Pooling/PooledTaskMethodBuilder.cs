using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RedisResilience.AspNetCore.Pooling;

/// <summary>Makes an async method that returns a <see cref="System.Threading.Tasks.Task"/> allocate that task and nothing else: <c>[AsyncMethodBuilder(typeof(PooledTaskMethodBuilder))]</c>.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The compiler calls them on an instance.")]
[SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance", Justification = "Each method that is built has a machine of another type.")]
internal struct PooledTaskMethodBuilder
{
    private IPooledMachine? _machine;
    private AsyncTaskMethodBuilder _task;

    public Task Task => _task.Task;

    public static PooledTaskMethodBuilder Create() => default;

    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => default(AsyncTaskMethodBuilder).Start(ref machine);

    public readonly void SetStateMachine(IAsyncStateMachine machine)
    {
    }

    public void SetResult()
    {
        if (_machine is null)
        {
            _task.SetResult();
        }
        else
        {
            Leave().SetResult();
        }
    }

    public void SetException(Exception exception)
    {
        if (_machine is null)
        {
            _task.SetException(exception);
        }
        else
        {
            Leave().SetException(exception);
        }
    }

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine => awaiter.OnCompleted(Suspend(ref machine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(Suspend(ref machine));

    private Action Suspend<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine
    {
        if (_machine is not PooledTaskMachine<TMachine> pooled)
        {
            // The task first: the caller asks this copy of the builder for it, and the method ends the other one's.
            _ = _task.Task;
            pooled = PooledTaskMachine<TMachine>.Rent();
            _machine = pooled;
            pooled.Take(ref machine);
        }

        pooled.Capture();
        return pooled.MoveNext;
    }

    // This builder is a part of the machine: when that has been returned, it is somebody else's.
    private readonly AsyncTaskMethodBuilder Leave()
    {
        var task = _task;
        _machine!.Return();
        return task;
    }
}
