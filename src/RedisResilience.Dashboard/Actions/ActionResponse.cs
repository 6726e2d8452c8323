namespace RedisResilience.Dashboard.Actions;

/// <summary>What has become of it, in words.</summary>
internal sealed record ActionResponse(bool IsDone, string Text);
