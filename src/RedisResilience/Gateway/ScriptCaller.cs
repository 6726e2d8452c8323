using RedisResilience.Gateway.Commands;

namespace RedisResilience.Gateway;

/// <summary>Identifies the caller of a script, for a reply that comes when nobody waits for it any more.</summary>
/// <param name="Listener">Hears of a late reply. Null: nobody does.</param>
/// <param name="About">What the call was about.</param>
/// <param name="AskedAt">The timestamp of before.</param>
internal readonly record struct ScriptCaller(ILateReplies? Listener, object? About = null, long AskedAt = 0);
