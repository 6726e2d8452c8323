namespace RedisResilience.Dashboard.Actions;

/// <summary>The token that an action must carry, so that no page of another site can request it.</summary>
/// <param name="Header">The header field.</param>
/// <param name="Value">Its value.</param>
internal sealed record ActionToken(string Header, string Value);
