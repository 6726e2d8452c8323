namespace RedisResilience.Gateway;

/// <summary>The three integers that every script of ours takes.</summary>
internal readonly record struct ScriptArguments(long First, long Second, long Third);
