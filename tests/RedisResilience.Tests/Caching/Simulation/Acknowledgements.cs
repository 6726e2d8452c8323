namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Which removals were acknowledged, when and to whom, and so what a read must see.</summary>
/// <param name="clock">The clock.</param>
/// <param name="slack">For how long processes other than the one that has removed may go on with what was removed.</param>
internal sealed class Acknowledgements(TimeProvider clock, TimeSpan slack)
{
    private readonly List<(int Version, object By, DateTimeOffset At)> _all = [];
    private int _violations;

    /// <summary>How many reads were given what was older than they had to see.</summary>
    public int Violations => _violations;

    /// <summary>All that is older than a version of the source was removed.</summary>
    public void Add(int version, object by)
    {
        lock (_all)
        {
            _all.Add((version, by, clock.GetUtcNow()));
        }
    }

    /// <summary>The oldest version that a read may be given which begins now in a process.</summary>
    public int OldestFor(object process)
    {
        lock (_all)
        {
            var now = clock.GetUtcNow();
            return _all.Where(one => ReferenceEquals(one.By, process) || now - one.At >= slack)
                .Select(static one => one.Version).DefaultIfEmpty().Max();
        }
    }

    public void Check(int given, int oldest)
    {
        if (given < oldest)
        {
            Interlocked.Increment(ref _violations);
        }
    }
}
