namespace RedisResilience.HttpSemantics;

/// <summary>The kind of cache that judges a response.</summary>
/// <param name="IsShared">Whether it serves many users: <c>s-maxage</c> counts.</param>
/// <param name="HeuristicFactor">How much of the time since its last change a response is taken to be fresh that does not say it. Zero: not
/// at all.</param>
/// <param name="MaximumHeuristic">The longest such time.</param>
internal readonly record struct FreshnessRules(bool IsShared, double HeuristicFactor = 0, TimeSpan MaximumHeuristic = default);
