using System.Runtime.CompilerServices;

namespace RedisResilience.Pooling;

/// <summary>The pooled state machine of a waiting async method, and the source of its task.</summary>
/// <typeparam name="TMachine">The state machine that the compiler makes of the method.</typeparam>
/// <typeparam name="TResult">The type of the method's result.</typeparam>
internal sealed class PooledStateMachine<TMachine, TResult> : PooledValueTaskSource<TResult>
    where TMachine : IAsyncStateMachine
{
    private static readonly ContextCallback Continue = static self => ((PooledStateMachine<TMachine, TResult>)self!)._machine!.MoveNext();

    private readonly Action _moveNext;
    private TMachine? _machine;
    private ExecutionContext? _context;

    private PooledStateMachine() => _moveNext = MoveNext;

    public static PooledStateMachine<TMachine, TResult> Rent() =>
        ObjectPool<PooledStateMachine<TMachine, TResult>>.TryTake() ?? new PooledStateMachine<TMachine, TResult>();

    /// <summary>Takes the method over from the stack.</summary>
    public void Take(ref TMachine machine) => _machine = machine;

    /// <summary>
    /// The continuation to call when the awaited operation has completed. It restores the flowing context, such as the current activity.
    /// </summary>
    public Action Suspend()
    {
        _context = ExecutionContext.Capture();
        return _moveNext;
    }

    protected override void GiveBack()
    {
        _machine = default;
        _context = null;
        ObjectPool<PooledStateMachine<TMachine, TResult>>.Put(this);
    }

    private void MoveNext()
    {
        if (_context is { } context)
        {
            ExecutionContext.Run(context, Continue, this);
        }
        else
        {
            _machine!.MoveNext();
        }
    }
}
