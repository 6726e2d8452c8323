using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace RedisResilience.Diagnostics;

/// <summary>
/// The library's meter and activity source. A key is never a tag. Names, units and buckets follow OpenTelemetry's semantic conventions if
/// there are any.
/// </summary>
internal static class ResilienceMeter
{
    public const string Name = "RedisResilience";

    /// <summary>The package's version, without the commit that it was built from.</summary>
    private static readonly string? Version = typeof(ResilienceMeter).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    public static Meter Meter { get; } = new(Name, Version);

    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>The buckets, in seconds, that the conventions advise for <c>db.client.operation.duration</c>.</summary>
    public static InstrumentAdvice<double> DurationBuckets { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] };
}
