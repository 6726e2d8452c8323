using System.Threading.Tasks.Sources;

namespace RedisResilience.Pooling;

/// <summary>The source of a task, as the method sees it whose task it is.</summary>
internal interface IPooledValueTask<TResult> : IValueTaskSource<TResult>
{
    short Version { get; }

    void SetResult(TResult result);

    void SetException(Exception exception);
}
