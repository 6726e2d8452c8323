using System.Diagnostics.CodeAnalysis;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>
/// One answer for several readers, with one buffer. Threads of the pool give it to the readers one after the other. The buffer goes back to
/// its pool when the last reader has disposed it.
/// </summary>
/// <remarks>
/// Each thread that gives the answer to a reader first asks the pool for one more thread, in case the reader keeps this one for long.
/// Usually no other thread is free, and the first thread serves all readers, because waking a thread takes longer than writing a response.
/// </remarks>
internal sealed class SharedAnswer(Answer<StoredEntry> answer, ReadGroup group, KeyReads behind) : IThreadPoolWorkItem
{
    private PendingRead? _next = group.First;
    private KeyReads? _behind = behind;
    private int _holds = group.Count;

    public void Execute()
    {
        var isHelped = false;
        while (TryTake(out var read))
        {
            if (!isHelped)
            {
                isHelped = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            var own = answer.Value.Payload.Owner is null
                ? answer
                : new Answer<StoredEntry>(answer.Value with { Payload = answer.Value.Payload with { Owner = new Hold(this) } });
            read.Answer(own);
        }

        Interlocked.Exchange(ref _behind, null)?.Continue(group.Count);
    }

    private bool TryTake([NotNullWhen(true)] out PendingRead? read)
    {
        while ((read = Volatile.Read(ref _next)) is not null)
        {
            if (Interlocked.CompareExchange(ref _next, read.Next, read) == read)
            {
                return true;
            }
        }

        return false;
    }

    private void Return()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            answer.Value.Payload.Owner!.Dispose();
        }
    }

    /// <summary>A hold is never pooled, because a reader who disposes it twice must not release another reader's hold.</summary>
    private sealed class Hold(SharedAnswer lender) : IDisposable
    {
        private SharedAnswer? _lender = lender;

        public void Dispose() => Interlocked.Exchange(ref _lender, null)?.Return();
    }
}
