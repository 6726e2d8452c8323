using System.Collections.Immutable;

namespace RedisResilience.Gateway;

/// <summary>
/// The integers that a script returns, packed by <c>struct.pack</c> into eight bytes each: five always, and more from those that have more
/// to say.
/// </summary>
internal readonly record struct ScriptReply(
    long First, long Second, long Third, long Fourth, long Fifth, ImmutableArray<long> More = default);
