using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.RaceTests.Scheduling;

/// <summary>Threads that are used again: an interleaving has some dozens of actors, and a search thousands of interleavings.</summary>
internal static class Workers
{
    private static readonly ConcurrentStack<Worker> Idle = new();

    public static void Run(Action work)
    {
        if (!Idle.TryPop(out var worker))
        {
            worker = new Worker();
        }

        worker.Begin(work);
    }

    [SuppressMessage(
        "Reliability", "CA1001", Justification = "It lives as long as those who take part.")]
    private sealed class Worker
    {
        private readonly SemaphoreSlim _hasWork = new(0);
        private Action? _work;

        public Worker() => new Thread(Loop) { IsBackground = true, Name = "actor" }.UnsafeStart();

        public void Begin(Action work)
        {
            _work = work;
            _hasWork.Release();
        }

        private void Loop()
        {
            while (true)
            {
                _hasWork.Wait();

                // Each actor begins as if the pool had begun it: without what another has left behind.
                ExecutionContext.Run(ExecutionContext.Capture()!, static state => ((Worker)state!)._work!(), this);
                _work = null;
                Idle.Push(this);
            }
        }
    }
}
