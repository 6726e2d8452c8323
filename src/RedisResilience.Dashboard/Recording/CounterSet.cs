namespace RedisResilience.Dashboard.Recording;

/// <summary>The counts of a counter, separate for each combination of the values of some of its tags.</summary>
/// <param name="tags">The tags by which it is counted, the most important first. At most three.</param>
internal sealed class CounterSet(params string[] tags) : IMeasurementSink
{
    private const int MaximumCells = 128;

    // Few, and added to rarely: looked through from its begin, which is quicker than hashing three texts.
    private Cell[] _cells = [];

    public void Record(long measurement, ReadOnlySpan<KeyValuePair<string, object?>> measured)
    {
        var labels = Labels.Of(measured, tags);
        var cell = Find(_cells, labels) ?? Add(labels);
        Interlocked.Add(ref cell.Count, measurement);
    }

    public void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> measured) => Record((long)measurement, measured);

    /// <summary>The counts since the last call, without those that are zero. Only one caller may call it at a time.</summary>
    public Count[] Take()
    {
        var counts = new List<Count>();
        foreach (var cell in Volatile.Read(ref _cells))
        {
            var count = Interlocked.Read(ref cell.Count);
            if (count != cell.Counted)
            {
                counts.Add(new Count(cell.Labels.First, cell.Labels.Second, cell.Labels.Third, count - cell.Counted));
                cell.Counted = count;
            }
        }

        return [.. counts];
    }

    private static Cell? Find(Cell[] cells, in Labels labels)
    {
        foreach (var cell in cells)
        {
            if (cell.Labels == labels)
            {
                return cell;
            }
        }

        return null;
    }

    private Cell Add(Labels labels)
    {
        while (true)
        {
            var cells = Volatile.Read(ref _cells);
            var key = cells.Length < MaximumCells ? labels : new Labels(labels.First, Labels.Other, Labels.Other);
            if (Find(cells, key) is { } known)
            {
                return known;
            }

            var cell = new Cell(key);
            if (Interlocked.CompareExchange(ref _cells, [.. cells, cell], cells) == cells)
            {
                return cell;
            }
        }
    }

    private sealed class Cell(Labels labels)
    {
        public readonly Labels Labels = labels;

        public long Count;

        public long Counted;
    }
}
