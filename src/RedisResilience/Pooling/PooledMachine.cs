using System.Runtime.CompilerServices;

namespace RedisResilience.Pooling;

/// <summary>What an async method keeps while it waits, to be used again when the method has ended.</summary>
/// <typeparam name="TMachine">What the compiler makes of the method.</typeparam>
internal abstract class PooledMachine<TMachine>
    where TMachine : IAsyncStateMachine
{
    private static readonly ContextCallback Continue = static machine => ((PooledMachine<TMachine>)machine!)._machine!.MoveNext();

    private TMachine? _machine;
    private ExecutionContext? _context;

    protected PooledMachine() => MoveNext = Run;

    /// <summary>Goes on with the method.</summary>
    public Action MoveNext { get; }

    /// <summary>Takes the method over from the stack.</summary>
    public void Take(ref TMachine machine) => _machine = machine;

    /// <summary>Has what flows with the method, such as the current activity, there when it goes on.</summary>
    public void Capture() => _context = ExecutionContext.Capture();

    /// <summary>Keeps nothing of the method.</summary>
    protected void Clear()
    {
        _machine = default;
        _context = null;
    }

    private void Run()
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
