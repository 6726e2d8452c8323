using System.Globalization;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>What one run has shown, of all processes together. Times in milliseconds.</summary>
internal sealed record ChaosResult
{
    /// <summary>What must be zero is asserted, and has no column.</summary>
    public const string Heading =
        "| fault | calls | undetected | detected | recovered | machine | detect | recover | loads | log |\n"
        + "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

    public required string Fault { get; init; }

    public required ChaosReport Load { get; init; }

    public double? TimeToDetect { get; init; }

    public double? TimeToRecover { get; init; }

    public long? OverAdmitted { get; init; }

    /// <summary>Permits of a concurrency limit that nobody holds and nobody can have; null where it cannot be told.</summary>
    public int? LostPermits { get; init; }

    /// <summary>Permits of limits of each other kind that Redis counts and nobody was given; null where it cannot be told.</summary>
    public IReadOnlyList<long>? LostCounts { get; init; }

    public required int KeysWithoutTimeToLive { get; init; }

    public required int UnobservedExceptions { get; init; }

    public required int LogLines { get; init; }

    public int? Connections { get; init; }

    public string ToMarkdown() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Fault} | {Load.Operations} | {Load.Undetected.ToMarkdown()} | {Load.Detected.ToMarkdown()} | "
            + $"{Load.Recovered.ToMarkdown()} | {Load.MachineLongest:0} | {Show(TimeToDetect)} | {Show(TimeToRecover)} | "
            + $"{Load.SourceCalls} | {LogLines} |");

    private static string Show(double? number) => number is { } known ? known.ToString("0", CultureInfo.InvariantCulture) : "–";
}
