using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RedisResilience.Pooling;

/// <summary>Makes an async method that returns a <see cref="ValueTask{T}"/> wait without an allocation, however many calls wait at once.
/// </summary>
/// <remarks>The platform's <see cref="PoolingAsyncValueTaskMethodBuilder{TResult}"/> keeps one state machine for each thread and one for
/// each core. As many calls wait for a hot key as there are requests: decision 167 has what that costs.</remarks>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The compiler calls them on an instance.")]
[SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance",
    Justification = "Each method has a machine of its own.")]
internal struct PooledValueTaskMethodBuilder<TResult>
{
    private PooledValueTaskSource<TResult>? _source;
    private Exception? _exception;
    private TResult? _result;

    public readonly ValueTask<TResult> Task =>
        _source is not null ? _source.Task
        : _exception is not null ? FromException(_exception)
        : new ValueTask<TResult>(_result!);

    public static PooledValueTaskMethodBuilder<TResult> Create() => default;

    // The platform's builder gives the caller its context back as it was, whatever the method does to it.
    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => default(AsyncValueTaskMethodBuilder).Start(ref machine);

    public readonly void SetStateMachine(IAsyncStateMachine machine)
    {
    }

    public void SetResult(TResult result)
    {
        if (_source is null)
        {
            _result = result;
        }
        else
        {
            _source.SetResult(result);
        }
    }

    public void SetException(Exception exception)
    {
        if (_source is null)
        {
            _exception = exception;
        }
        else
        {
            _source.SetException(exception);
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
        if (_source is not PooledStateMachine<TMachine, TResult> pooled)
        {
            pooled = PooledStateMachine<TMachine, TResult>.Rent();

            // This builder is a part of the machine and goes with it: so the source is set first.
            _source = pooled;
            pooled.Take(ref machine);
        }

        return pooled.Suspend();
    }

    private static ValueTask<TResult> FromException(Exception exception) =>
        exception is OperationCanceledException { CancellationToken.IsCancellationRequested: true } cancelled
            ? ValueTask.FromCanceled<TResult>(cancelled.CancellationToken)
            : ValueTask.FromException<TResult>(exception);
}
