namespace RedisResilience.Gateway;

/// <summary>The four integers that a script on a key and its side key returns.</summary>
internal readonly record struct ContentReply(long First, long Second, long Third, long Fourth);
