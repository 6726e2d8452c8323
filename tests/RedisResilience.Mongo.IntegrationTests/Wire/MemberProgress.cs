namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>
/// How far one member is in the history of the set: what it has applied, and what it knows to be the majority's. Used under the store's
/// lock.
/// </summary>
internal sealed class MemberProgress
{
    private readonly Queue<(long Sequence, long At)> _toApply = new();
    private readonly Queue<(long Sequence, long At)> _toShow = new();
    private long _applied = 1;
    private long _snapshot = 1;
    private long _heldUntil = long.MinValue;

    /// <summary>How long after the primary this member applies a change.</summary>
    public TimeSpan ReplicationLag { get; set; }

    /// <summary>How long after the majority has a change this member's majority snapshot shows it.</summary>
    public TimeSpan SnapshotLag { get; set; }

    /// <summary>Whether it is cut off from the others, and hears of nothing.</summary>
    public bool IsIsolated { get; set; }

    /// <summary>The last change that it has applied.</summary>
    public long Applied
    {
        get
        {
            _applied = IsIsolated ? _applied : Reach(_toApply, _applied);
            return _applied;
        }
    }

    /// <summary>The last change that its majority snapshot shows: what reads with read concern majority, and change streams, see.</summary>
    public long Snapshot
    {
        get
        {
            if (!IsIsolated && Now >= _heldUntil)
            {
                _snapshot = Math.Max(_snapshot, Math.Min(Reach(_toShow, _snapshot), Applied));
            }

            return _snapshot;
        }
    }

    private static long Now => TimeProvider.System.GetTimestamp();

    public void Add(long sequence, long appliedAt, long shownAt)
    {
        _toApply.Enqueue((sequence, appliedAt));
        _toShow.Enqueue((sequence, shownAt));
    }

    /// <summary>It is elected: it has caught up, but shows nothing newer to the majority's readers for a while.</summary>
    public void Lead(long sequence, TimeSpan hold)
    {
        _ = Snapshot;
        _toApply.Clear();
        _applied = sequence;
        _heldUntil = After(hold);
    }

    /// <summary>What came after a change never happened.</summary>
    public void RollBack(long sequence)
    {
        Truncate(_toApply, sequence);
        Truncate(_toShow, sequence);
        _applied = Math.Min(_applied, sequence);
    }

    public static long After(TimeSpan lag) => Now + (long)(lag.TotalSeconds * TimeProvider.System.TimestampFrequency);

    private static long Reach(Queue<(long Sequence, long At)> queue, long reached)
    {
        while (queue.TryPeek(out var next) && next.At <= Now)
        {
            reached = queue.Dequeue().Sequence;
        }

        return reached;
    }

    private static void Truncate(Queue<(long Sequence, long At)> queue, long sequence)
    {
        var kept = queue.Where(one => one.Sequence <= sequence).ToArray();
        queue.Clear();
        foreach (var one in kept)
        {
            queue.Enqueue(one);
        }
    }
}
