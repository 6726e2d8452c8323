namespace RedisResilience.Benchmarks.Comparison;

/// <summary>The middle of a sample, and the span that holds its middle half.</summary>
internal readonly record struct Quartiles(double Lower, double Median, double Upper)
{
    public static Quartiles Of(IEnumerable<double> sample)
    {
        double[] sorted = [.. sample.Order()];
        return new Quartiles(At(0.25), At(0.5), At(0.75));

        double At(double part) => sorted[(int)Math.Round(part * (sorted.Length - 1))];
    }
}
