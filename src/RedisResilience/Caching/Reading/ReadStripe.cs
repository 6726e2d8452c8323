namespace RedisResilience.Caching.Reading;

/// <summary>A part of the keys that are being read, under one lock. It reuses its objects, so a read allocates nothing here.</summary>
internal sealed class ReadStripe(EntryFetch fetch, CrowdTimer crowds, TimeProvider timeProvider)
{
    private const int IdleCapacity = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyReads> _active = new(StringComparer.Ordinal);
    private readonly Stack<KeyReads> _idle = new();

    /// <summary>Adds a reader to those of its key. If the result is not null, there was no read, and the caller has to send it.</summary>
    public KeyReads? Join(PendingRead read, out ReadGroup group)
    {
        lock (_lock)
        {
            group = default;
            if (_active.TryGetValue(read.Read.Key, out var reads))
            {
                group = reads.Gathering;
                group.AddBehind(read, timeProvider);
                reads.Gathering = group;
                if (reads.Crowd.TryEnd(group.Count))
                {
                    reads.TakeTurn();
                }

                return null;
            }

            if (!_idle.TryPop(out reads))
            {
                reads = new KeyReads(fetch, crowds, this);
            }

            reads.Key = read.Read.Key;
            _active.Add(reads.Key, reads);
            group.Add(read);
            return reads;
        }
    }

    /// <summary>
    /// True when no caller has gathered behind the read that has just ended. The key then has no read, and the next caller sends one.
    /// </summary>
    public bool TryRest(KeyReads reads)
    {
        lock (_lock)
        {
            if (reads.Gathering.Count > 0)
            {
                return false;
            }

            Rest_NeedsLock(reads);
            return true;
        }
    }

    /// <summary>True when more callers are expected after a read with this many, and the next read waits for them.</summary>
    public bool TryWait(KeyReads reads, int told)
    {
        lock (_lock)
        {
            return reads.Crowd.TryAwait(told, reads.Gathering.Count, timeProvider);
        }
    }

    /// <summary>True when a key has waited for too long, and its read must be sent now.</summary>
    public bool TryGiveUp(KeyReads reads, out bool isWaiting)
    {
        lock (_lock)
        {
            var isOver = reads.Crowd.TryGiveUp(timeProvider);
            isWaiting = reads.Crowd.IsAwaited;
            return isOver;
        }
    }

    /// <summary>
    /// Takes the callers who have gathered. Later callers are not among them. False when there are none, and the key then has no read.
    /// </summary>
    public bool TryAdvance(KeyReads reads, out ReadGroup next)
    {
        lock (_lock)
        {
            next = reads.Gathering;
            reads.Gathering = default;
            if (next.Count == 0)
            {
                Rest_NeedsLock(reads);
            }

            return next.Count > 0;
        }
    }

    /// <summary>Takes the callers who have gathered. The next caller then sends a read of its own.</summary>
    public ReadGroup Close(KeyReads reads)
    {
        lock (_lock)
        {
            var behind = reads.Gathering;
            reads.Gathering = default;
            Rest_NeedsLock(reads);
            return behind;
        }
    }

    private void Rest_NeedsLock(KeyReads reads)
    {
        _active.Remove(reads.Key);
        reads.Key = "";
        reads.Crowd = default;
        if (_idle.Count < IdleCapacity)
        {
            _idle.Push(reads);
        }
    }
}
