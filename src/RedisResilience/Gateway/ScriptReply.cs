using System.Collections.Immutable;

namespace RedisResilience.Gateway;

/// <summary>
/// The integers that a script returns, packed by <c>struct.pack</c> into eight bytes each. There are always five, and some scripts return
/// more.
/// </summary>
internal readonly record struct ScriptReply(
    long First, long Second, long Third, long Fourth, long Fifth, ImmutableArray<long> More = default);
