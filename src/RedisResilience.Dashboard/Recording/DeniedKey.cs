namespace RedisResilience.Dashboard.Recording;

/// <summary>A key that was denied within the last minutes.</summary>
/// <param name="Id">A hash of the key that is valid in this process only, so nobody can find the key by trying all addresses.</param>
/// <param name="Key">The key itself.</param>
/// <param name="Policy">The limit's name; empty when it has none.</param>
/// <param name="Times">How often it was denied.</param>
/// <param name="Until">Until when at least, in milliseconds since 1970.</param>
internal sealed record DeniedKey(string Id, string Key, string Policy, long Times, long Until);
