namespace RedisResilience.Dashboard.Actions;

/// <summary>What an action has to bring along, so that no page from elsewhere can ask for it.</summary>
/// <param name="Header">The header field.</param>
/// <param name="Value">Its value.</param>
internal sealed record ActionToken(string Header, string Value);
