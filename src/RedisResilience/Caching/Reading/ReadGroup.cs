using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>The callers who wait for one read of one key, in the order in which they came.</summary>
internal struct ReadGroup
{
    private PendingRead? _last;

    public PendingRead? First { get; private set; }

    public int Count { get; private set; }

    /// <summary>The one read for all of them. No caller can cancel it.</summary>
    public EntryRead Read { get; private set; }

    public void Add(PendingRead read)
    {
        if (_last is null)
        {
            First = read;
            Read = read.Read with { CancellationToken = CancellationToken.None };
        }
        else
        {
            _last.Next = read;
            Read = Read.With(read.Read);
        }

        _last = read;
        Count++;
    }

    /// <summary>Adds a caller who waits behind a read under way. The caller's deadline runs meanwhile.</summary>
    public void AddBehind(PendingRead read, TimeProvider timeProvider)
    {
        Add(read);
        Read = Read.IsFollowUp ? Read : Read with { IsFollowUp = true, StartedAt = timeProvider.GetTimestamp() };
    }

    /// <summary>Ends the wait of each caller without an answer.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="lastIsInline">Whether the last caller continues at once on this thread. All others continue on the pool.</param>
    public readonly void Refuse(in Answer<StoredEntry> fault, bool lastIsInline)
    {
        for (var read = First; read is not null;)
        {
            // Looked up before it is answered: from then on it may be somebody else's.
            var next = read.Next;
            read.TryAnswer(fault, isInline: lastIsInline && next is null);
            read = next;
        }
    }
}
