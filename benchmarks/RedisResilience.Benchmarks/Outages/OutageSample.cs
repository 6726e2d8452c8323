namespace RedisResilience.Benchmarks.Outages;

/// <summary>What the callers of a span of time have felt.</summary>
internal sealed record OutageSample(List<double> Milliseconds, int Failures)
{
    public int Count => Milliseconds.Count;

    public double Quantile(double share) => Milliseconds.Count == 0 ? 0 : Milliseconds[(int)((Milliseconds.Count - 1) * share)];
}
