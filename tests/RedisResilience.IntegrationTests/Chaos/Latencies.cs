namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>How long calls took that began in a phase.</summary>
internal sealed class Latencies
{
    private readonly Lock _lock = new();
    private readonly List<long>[] _elapsed = [.. Enum.GetValues<ChaosPhase>().Select(_ => new List<long>())];

    public void Add(ChaosPhase phase, long elapsed)
    {
        lock (_lock)
        {
            _elapsed[(int)phase].Add(elapsed);
        }
    }

    /// <summary>The milliseconds that a share of the calls did not exceed; 1 for the longest. Zero where there was none.</summary>
    public double Quantile(double share, params ChaosPhase[] phases)
    {
        lock (_lock)
        {
            var all = phases.SelectMany(phase => _elapsed[(int)phase]).Order().ToArray();
            return all.Length == 0 ? 0 : TimeSpan.FromTicks(all[(int)((all.Length - 1) * share)]).TotalMilliseconds;
        }
    }

    public int Count(ChaosPhase phase)
    {
        lock (_lock)
        {
            return _elapsed[(int)phase].Count;
        }
    }
}
