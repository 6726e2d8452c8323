using System.Runtime.CompilerServices;
using RedisResilience.Pooling;

namespace RedisResilience.AspNetCore.Pooling;

/// <summary>The machine of a method that returns a <see cref="Task"/>.</summary>
internal sealed class PooledTaskMachine<TMachine> : PooledMachine<TMachine>, IPooledMachine
    where TMachine : IAsyncStateMachine
{
    private PooledTaskMachine()
    {
    }

    public static PooledTaskMachine<TMachine> Rent() => ObjectPool<PooledTaskMachine<TMachine>>.TryTake() ?? new PooledTaskMachine<TMachine>();

    public void Return()
    {
        Clear();
        ObjectPool<PooledTaskMachine<TMachine>>.Put(this);
    }
}
