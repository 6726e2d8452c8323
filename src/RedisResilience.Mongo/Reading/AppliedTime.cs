namespace RedisResilience.Mongo.Reading;

/// <summary>
/// The time of the newest change for which a process has removed entries. No fill may be older. Redis holds it beside the entries.
/// </summary>
internal sealed class AppliedTime(IHighWaterMarks? marks, TimeProvider time, string name)
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    private long _known;
    private long _roseAt;

    /// <summary>The newest time that this process knows. 0 when it knows of no change.</summary>
    public long Known => Volatile.Read(ref _known);

    /// <summary>Whether it has risen within a second, so that it may be another now.</summary>
    public bool IsRising => Known != 0 && time.GetElapsedTime(Volatile.Read(ref _roseAt)) < Lately;

    /// <summary>
    /// Raises the mark to the time of a change, before the affected entries are removed. Null when the time is not known; the known time is
    /// then sent again.
    /// </summary>
    /// <returns>Whether all processes know.</returns>
    public ValueTask<bool> RaiseAsync(BsonTimestamp? changedAt, CancellationToken cancellationToken)
    {
        Learn(changedAt?.Value ?? 0);
        return marks is null || Known == 0 ? new ValueTask<bool>(true) : marks.RaiseAsync(name, Known, cancellationToken);
    }

    /// <summary>Asks for it. To be awaited before what is read is stored.</summary>
    /// <returns>Whether the mark is known now. False when Redis did not answer.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (marks is null)
        {
            return true;
        }

        var mark = await marks.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        if (mark < Known)
        {
            // Redis has lost it, or never got it.
            _ = RaiseAsync(changedAt: null, CancellationToken.None).AsTask();
        }

        Learn(mark ?? 0);
        return mark is not null;
    }

    private void Learn(long mark)
    {
        for (var known = Known; mark > known; known = Known)
        {
            if (Interlocked.CompareExchange(ref _known, mark, known) == known)
            {
                Volatile.Write(ref _roseAt, time.GetTimestamp());
            }
        }
    }
}
