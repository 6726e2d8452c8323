namespace RedisResilience.Dashboard.Actions;

/// <summary>The result of an action, as text.</summary>
internal sealed record ActionResponse(bool IsDone, string Text);
