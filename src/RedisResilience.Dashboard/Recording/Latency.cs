namespace RedisResilience.Dashboard.Recording;

/// <summary>How long the calls of one second took.</summary>
/// <param name="Count">The number of calls. If it is zero, all values are zero.</param>
/// <param name="P50">The median, in milliseconds.</param>
/// <param name="P90">Nine of ten.</param>
/// <param name="P99">Ninety-nine of a hundred.</param>
/// <param name="Longest">All of them.</param>
internal readonly record struct Latency(long Count, double P50, double P90, double P99, double Longest);
