using System.Globalization;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>How long calls took, in milliseconds: half of them, 99 of 100, and the longest. Zeros where there was none.</summary>
internal readonly record struct ChaosTimeSpans(double Median, double Most, double Longest)
{
    public static ChaosTimeSpans Of(Latencies calls, ChaosPhase phase) =>
        new(calls.Quantile(0.5, phase), calls.Quantile(0.99, phase), calls.Quantile(1, phase));

    public ChaosTimeSpans OrWorse(ChaosTimeSpans other) =>
        new(Math.Max(Median, other.Median), Math.Max(Most, other.Most), Math.Max(Longest, other.Longest));

    public string ToMarkdown() =>
        Longest == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} / {Most:0.0} / {Longest:0}");
}
