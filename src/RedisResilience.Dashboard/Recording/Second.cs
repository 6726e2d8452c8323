using RedisResilience.Diagnostics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>One second of the traffic.</summary>
/// <param name="Time">When it was over, in milliseconds since 1970.</param>
/// <param name="Availability">Whether Redis was in use then.</param>
/// <param name="RoundTrip">The round trip of then, in milliseconds.</param>
/// <param name="Deadline">The command deadline of then, in milliseconds.</param>
/// <param name="Decisions">The decisions, counted by outcome, decider and policy.</param>
/// <param name="Reads">By outcome and namespace.</param>
/// <param name="Writes">By outcome.</param>
/// <param name="Faults">The faults, counted by reason and by the name of the Redis.</param>
/// <param name="Commands">How long callers waited for Redis.</param>
/// <param name="Loads">The most loads of the source that were under way at once, of twenty looks.</param>
/// <param name="Queue">The loads that waited for their turn at its end.</param>
internal sealed record Second(
    long Time,
    RedisAvailability Availability,
    double? RoundTrip,
    double Deadline,
    Count[] Decisions,
    Count[] Reads,
    Count[] Writes,
    Count[] Faults,
    Latency Commands,
    long Loads,
    long Queue);
