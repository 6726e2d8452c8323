using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Those who wait for one read of one key, in the order of their coming.</summary>
internal struct ReadGroup
{
    private PendingRead? _last;

    public PendingRead? First { get; private set; }

    public int Count { get; private set; }

    /// <summary>What one or another of them wants to know.</summary>
    public EntryParts Parts { get; private set; }

    /// <summary>When the first of them began to wait, for another read to end or for what its request asked before; null when none has
    /// waited yet.</summary>
    public long? Since { get; private set; }

    public void Add(PendingRead read, EntryParts parts)
    {
        if (_last is null)
        {
            First = read;
        }
        else
        {
            _last.Next = read;
        }

        _last = read;
        Count++;
        Parts |= parts;
        if (read.Since is { } since && (Since is null || since < Since))
        {
            Since = since;
        }
    }

    /// <summary>Adds one who waits behind a read that is under way.</summary>
    public void AddBehind(PendingRead read, EntryParts parts, TimeProvider timeProvider)
    {
        Since ??= timeProvider.GetTimestamp();
        Add(read, parts);
    }

    /// <summary>Tells each of them that there is no answer.</summary>
    /// <param name="fault">Why.</param>
    /// <param name="lastIsInline">Whether the last, who may be the only one, goes on at once and here; all others go on on the
    /// pool.</param>
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
