using RedisResilience.Gateway.Commands;

namespace RedisResilience.Gateway;

/// <summary>Identifies the caller of a script, for a reply that comes when nobody waits for it any more.</summary>
/// <param name="Listener">Handles a late reply. May be null.</param>
/// <param name="About">The subject of the call, such as its limit.</param>
/// <param name="AskedAt">The timestamp of before.</param>
internal readonly record struct ScriptCaller(ILateReplies? Listener, object? About = null, long AskedAt = 0);
