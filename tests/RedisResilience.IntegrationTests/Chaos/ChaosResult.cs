using System.Globalization;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>What one run has shown. Times in milliseconds.</summary>
internal sealed record ChaosResult
{
    public const string Heading =
        "| fault | operations | failures | undetected p50 / p99 / max | detected p50 / p99 / max | recovered p50 / p99 / max | machine max | detect | recover | over-admitted | stale | source calls | without TTL | unobserved | log lines | connections |\n"
        + "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    public required string Fault { get; init; }

    public required long Operations { get; init; }

    public required int Failures { get; init; }

    public required (double Median, double Most, double Longest) Undetected { get; init; }

    public required (double Median, double Most, double Longest) Detected { get; init; }

    public required (double Median, double Most, double Longest) Recovered { get; init; }

    /// <summary>How much longer than a millisecond a wait of one millisecond took, at its longest.</summary>
    public required double MachineLongest { get; init; }

    public double? TimeToDetect { get; init; }

    public double? TimeToRecover { get; init; }

    public long? OverAdmitted { get; init; }

    public required long StaleReads { get; init; }

    public required long SourceCalls { get; init; }

    public required int KeysWithoutTimeToLive { get; init; }

    public required int UnobservedExceptions { get; init; }

    public required int LogLines { get; init; }

    public int? Connections { get; init; }

    public string ToMarkdown() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Fault} | {Operations} | {Failures} | {Show(Undetected)} | {Show(Detected)} | {Show(Recovered)} | {MachineLongest:0} | {Show(TimeToDetect)} | {Show(TimeToRecover)} | {OverAdmitted?.ToString(CultureInfo.InvariantCulture) ?? "–"} | {StaleReads} | {SourceCalls} | {KeysWithoutTimeToLive} | {UnobservedExceptions} | {LogLines} | {Connections?.ToString(CultureInfo.InvariantCulture) ?? "–"} |");

    private static string Show((double Median, double Most, double Longest) times) =>
        times.Longest == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{times.Median:0.00} / {times.Most:0.0} / {times.Longest:0}");

    private static string Show(double? time) => time is { } known ? known.ToString("0", CultureInfo.InvariantCulture) : "–";
}
