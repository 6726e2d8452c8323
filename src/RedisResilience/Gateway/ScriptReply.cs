namespace RedisResilience.Gateway;

/// <summary>The three integers that every script of ours returns.</summary>
internal readonly record struct ScriptReply(long First, long Second, long Third);
