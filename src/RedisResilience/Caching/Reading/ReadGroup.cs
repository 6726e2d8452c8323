using System.Diagnostics.CodeAnalysis;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Those who wait for one read of one key, in the order of their coming.</summary>
internal struct ReadGroup
{
    private PendingRead? _first;
    private PendingRead? _last;

    public int Count { get; private set; }

    /// <summary>Whether one of them wants to know how long the entry has left to live.</summary>
    public bool WantsTimeToLive { get; private set; }

    public void Add(PendingRead read, bool withTimeToLive)
    {
        if (_last is null)
        {
            _first = read;
        }
        else
        {
            _last.Next = read;
        }

        _last = read;
        Count++;
        WantsTimeToLive |= withTimeToLive;
    }

    /// <summary>Hands each of them the answer, and a hold of its own on the one buffer. The last goes on at once and here, all others on the pool, side by side.</summary>
    /// <param name="answer">What the read brought.</param>
    /// <param name="behind">Goes to the pool behind them; null for nothing.</param>
    public void Answer(in Answer<StoredEntry> answer, IThreadPoolWorkItem? behind)
    {
        var shared = Count > 1 && answer.Value.Payload.Owner is not null ? new SharedPayload(answer.Value.Payload, Count) : null;
        while (TryTake(out var read))
        {
            var isLast = _first is null;
            if (isLast && behind is not null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(behind, preferLocal: false);
            }

            var own = shared is null ? answer : new Answer<StoredEntry>(answer.Value with { Payload = shared.Lend() });
            if (!read.TryAnswer(own, isInline: isLast))
            {
                own.Value.Payload.Owner?.Dispose();
            }
        }
    }

    /// <summary>Tells each of them, on the pool, that there is no answer.</summary>
    public void Refuse(in Answer<StoredEntry> fault)
    {
        while (TryTake(out var read))
        {
            read.TryAnswer(fault, isInline: false);
        }
    }

    private bool TryTake([NotNullWhen(true)] out PendingRead? read)
    {
        read = _first;
        if (read is null)
        {
            return false;
        }

        // Before it is answered: from then on it may be somebody else's.
        _first = read.Next;
        read.Next = null;
        return true;
    }
}
