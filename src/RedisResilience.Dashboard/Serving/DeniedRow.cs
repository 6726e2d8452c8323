namespace RedisResilience.Dashboard.Serving;

/// <summary>A denied key as it is shown.</summary>
/// <param name="Id">Stands for the key.</param>
/// <param name="Key">The key itself. Null: keys are not shown.</param>
/// <param name="Policy">The policy that denies it.</param>
/// <param name="Times">How often in the last five minutes.</param>
/// <param name="Until">Until when, in milliseconds since 1970.</param>
internal sealed record DeniedRow(string Id, string? Key, string Policy, long Times, long Until);
