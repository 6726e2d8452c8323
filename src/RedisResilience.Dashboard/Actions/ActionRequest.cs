namespace RedisResilience.Dashboard.Actions;

/// <summary>An action that a user of the page has requested.</summary>
/// <param name="Kind"><c>entry</c>, <c>tag</c>, <c>namespace</c>, <c>limit</c> or <c>denied</c>.</param>
/// <param name="Value">The key, tag or namespace, or the id of a denied key.</param>
/// <param name="Policy">The policy of a limit.</param>
internal sealed record ActionRequest(string Kind, string Value, string? Policy = null);
