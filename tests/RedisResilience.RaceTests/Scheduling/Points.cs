using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.RaceTests.Scheduling;

/// <summary>What the woven library calls where it had called the runtime. Outside an <see cref="Interleaving"/> it does as the runtime
/// does.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "As the runtime's.")]
public static class Points
{
    /// <summary>Another may go on here.</summary>
    public static void Reach() => Interleaving.Current?.Reach();

    public static Lock.Scope EnterScope(Lock taken)
    {
        if (Interleaving.Current is { } run)
        {
            run.Reach();
            while (!taken.TryEnter())
            {
                run.Give();
            }

            var scope = taken.EnterScope();
            taken.Exit();
            return scope;
        }

        return taken.EnterScope();
    }

    public static void Enter(object taken, ref bool isTaken)
    {
        Interleaving.Current?.Reach();
        while (Interleaving.Current is { } run && !isTaken)
        {
            Monitor.TryEnter(taken, ref isTaken);
            if (!isTaken)
            {
                run.Give();
            }
        }

        if (!isTaken)
        {
            Monitor.Enter(taken, ref isTaken);
        }
    }

    public static bool Queue(IThreadPoolWorkItem item, bool preferLocal)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (Interleaving.Current is { } run)
        {
            run.Start(item.Execute);
            return true;
        }

        return ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal);
    }

    public static void Cancel(CancellationTokenSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (Interleaving.Current is not { } run)
        {
            source.Cancel();
            return;
        }

        run.Reach();
        run.Cancellations.Cancel(source);
    }

    /// <summary>As <see cref="CancellationTokenRegistration.Dispose"/>: waits for a callback that runs in another thread.</summary>
    public static void Unregister(ref CancellationTokenRegistration registration)
    {
        var token = registration.Token;
        if (Interleaving.Current is not { } run)
        {
            registration.Dispose();
        }
        else if (!registration.Unregister())
        {
            while (run.Cancellations.IsUnderWayElsewhere(token))
            {
                run.Give();
            }
        }
    }

    /// <summary>As <see cref="SemaphoreSlim.WaitAsync(CancellationToken)"/>.</summary>
    public static Task TakeAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken) =>
        Interleaving.Current is { } run ? run.Permits.TakeAsync(semaphore, cancellationToken) : semaphore.WaitAsync(cancellationToken);

    public static int Release(SemaphoreSlim semaphore) =>
        Interleaving.Current is { } run ? run.Permits.Release(semaphore) : semaphore.Release();

    public static Task<Task> WhenAny(Task first, Task second) => WhenAnyOf([first, second]);

    /// <summary>As the runtime's; but what waits goes on under the scheduler, and not on the pool.</summary>
    public static Task<Task> WhenAnyOf(IEnumerable<Task> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var first = new TaskCompletionSource<Task>();
        foreach (var task in tasks)
        {
            if (task.IsCompleted)
            {
                first.TrySetResult(task);
            }

            task.GetAwaiter().OnCompleted(() => first.TrySetResult(task));
        }

        return first.Task;
    }

    public static Task WaitAsync(Task task, CancellationToken cancellationToken) =>
        WaitInTimeAsync(task, Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    public static async Task WaitInTimeAsync(Task task, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(timeProvider);
        if (task.IsCompleted)
        {
            await task;
            return;
        }

        var ended = new TaskCompletionSource();
        task.GetAwaiter().OnCompleted(() => ended.TrySetResult());
        await using var timer = timeProvider.CreateTimer(
            _ => ended.TrySetException(new TimeoutException()), null, timeout, Timeout.InfiniteTimeSpan);
        await using (cancellationToken.UnsafeRegister(_ => ended.TrySetCanceled(cancellationToken), null))
        {
            await ended.Task;
            await task;
        }
    }
}
