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

    /// <summary>Hands each of them the answer, and a hold of its own on the one buffer.</summary>
    /// <param name="answer">What the read brought.</param>
    /// <param name="lastIsInline">Whether the last goes on at once and here; all others go on on the pool, side by side.</param>
    public void Answer(in Answer<StoredEntry> answer, bool lastIsInline)
    {
        var shared = Count > 1 && answer.Value.Payload.Owner is not null ? new SharedPayload(answer.Value.Payload, Count) : null;
        var read = _first;
        while (read is not null)
        {
            // Looked up before it is answered: from then on it may be somebody else's.
            var next = read.Next;
            read.Next = null;
            var own = shared is null ? answer : new Answer<StoredEntry>(answer.Value with { Payload = shared.Lend() });
            if (!read.TryAnswer(own, isInline: lastIsInline && next is null))
            {
                own.Value.Payload.Owner?.Dispose();
            }

            read = next;
        }
    }
}
