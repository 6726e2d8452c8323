using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RedisResilience.Pooling;

/// <summary>
/// Makes an async method that returns a <see cref="ValueTask{T}"/> wait without an allocation, however many calls wait at once:
/// <c>[AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder&lt;&gt;))]</c>.
/// </summary>
/// <remarks>
/// The runtime's own <see cref="PoolingAsyncValueTaskMethodBuilder{TResult}"/> keeps one machine for each thread and one for each core. A
/// hot key has as many calls waiting as there are requests.
/// </remarks>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The compiler calls them on an instance.")]
[SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved "
    + "performance", Justification = "Each method that is built has a machine of another type.")]
internal struct PooledValueTaskMethodBuilder<TResult>
{
    private IPooledValueTask<TResult>? _pending;
    private Exception? _exception;
    private TResult? _result;

    public readonly ValueTask<TResult> Task =>
        _pending is not null ? new ValueTask<TResult>(_pending, _pending.Version)
        : _exception is not null ? FromException(_exception)
        : new ValueTask<TResult>(_result!);

    public static PooledValueTaskMethodBuilder<TResult> Create() => default;

    // Gives back the caller's context as it was, whatever the method does to it.
    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => default(AsyncValueTaskMethodBuilder).Start(ref machine);

    public readonly void SetStateMachine(IAsyncStateMachine machine)
    {
    }

    public void SetResult(TResult result)
    {
        if (_pending is null)
        {
            _result = result;
        }
        else
        {
            _pending.SetResult(result);
        }
    }

    public void SetException(Exception exception)
    {
        if (_pending is null)
        {
            _exception = exception;
        }
        else
        {
            _pending.SetException(exception);
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
        if (_pending is not PooledValueTaskMachine<TMachine, TResult> pooled)
        {
            pooled = PooledValueTaskMachine<TMachine, TResult>.Rent();

            // In this order: this builder is a part of the machine, and goes with it.
            _pending = pooled;
            pooled.Take(ref machine);
        }

        pooled.Capture();
        return pooled.MoveNext;
    }

    private static ValueTask<TResult> FromException(Exception exception) =>
        exception is OperationCanceledException { CancellationToken.IsCancellationRequested: true } cancelled
        ? ValueTask.FromCanceled<TResult>(cancelled.CancellationToken)
        : ValueTask.FromException<TResult>(exception);
}
