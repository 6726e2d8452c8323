using RedisResilience.Caching;
using RedisResilience.Dashboard.Recording;

namespace RedisResilience.Dashboard.Serving;

/// <summary>The current state.</summary>
/// <param name="Name">The name of the Redis that the page is about. Empty for the one without.</param>
/// <param name="State">The state: <c>available</c>, <c>unavailable</c>, <c>connecting</c> or <c>notConfigured</c>.</param>
/// <param name="Reason">Why Redis is not in use.</param>
/// <param name="Since">Since when it is so, in milliseconds since 1970.</param>
/// <param name="RoundTrip">The smoothed round trip, in milliseconds.</param>
/// <param name="Deadline">How long a call waits at most, in milliseconds.</param>
/// <param name="IsFar">Whether the deadline has grown.</param>
/// <param name="ShardsAway">How many shards are out of use.</param>
/// <param name="LocalTier">How the local tier learns of changes.</param>
/// <param name="Servers">The further ones.</param>
/// <param name="Transitions">The latest of each Redis, the oldest first.</param>
/// <param name="Namespaces">What this process has stored.</param>
/// <param name="Denied">The keys that were denied the most.</param>
internal sealed record Live(
    string Name,
    string State,
    string? Reason,
    long Since,
    double? RoundTrip,
    double Deadline,
    bool IsFar,
    int ShardsAway,
    string LocalTier,
    ServerRow[] Servers,
    Transition[] Transitions,
    NamespaceUsage[] Namespaces,
    DeniedRow[] Denied);
