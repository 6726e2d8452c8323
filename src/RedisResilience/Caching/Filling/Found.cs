using RedisResilience.Gateway;

namespace RedisResilience.Caching.Filling;

/// <summary>What a read has found, judged.</summary>
/// <param name="State">What it is good for.</param>
/// <param name="Response">The response, with its buffer, for the states that can be served.</param>
/// <param name="Seen">The first bytes of what is there, when it is to be replaced.</param>
/// <param name="Fault">Why the store does not say.</param>
internal readonly record struct Found(EntryState State, CachedResponse Response = default, ReadOnlyMemory<byte> Seen = default, Fault Fault = Fault.None)
{
    public bool IsServable => State is EntryState.Fresh or EntryState.FreshForNow or EntryState.Stale;
}
