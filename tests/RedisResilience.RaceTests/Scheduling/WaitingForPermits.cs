namespace RedisResilience.RaceTests.Scheduling;

/// <summary>Who waits for the permits of semaphores: the runtime's own wait would go on on the pool.</summary>
internal sealed class WaitingForPermits
{
    private readonly Dictionary<SemaphoreSlim, Queue<TaskCompletionSource>> _waiting = [];

    public async Task TakeAsync(SemaphoreSlim semaphore, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!semaphore.Wait(0, CancellationToken.None))
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            QueueOf(semaphore).Enqueue(turn);
            await using (cancellationToken.UnsafeRegister(_ => turn.TrySetCanceled(cancellationToken), null))
            {
                await turn.Task;
            }
        }
    }

    /// <summary>A permit that somebody waits for is his, and was never free.</summary>
    public int Release(SemaphoreSlim semaphore)
    {
        while (QueueOf(semaphore).TryDequeue(out var turn))
        {
            if (turn.TrySetResult())
            {
                return 0;
            }
        }

        return semaphore.Release();
    }

    private Queue<TaskCompletionSource> QueueOf(SemaphoreSlim semaphore) =>
        _waiting.TryGetValue(semaphore, out var queue) ? queue : _waiting[semaphore] = new Queue<TaskCompletionSource>();
}
