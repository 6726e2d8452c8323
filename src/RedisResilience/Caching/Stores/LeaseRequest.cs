namespace RedisResilience.Caching.Stores;

/// <summary>Asks for the right to fill an entry.</summary>
/// <param name="Token">Names this request among all, from 2^51 to 2^52: Lua counts no further, and what somebody else has written is mostly
/// less.</param>
/// <param name="LeaseTime">How long the right lasts.</param>
/// <param name="OverridesCoolDown">Whether a source that has just failed is asked all the same.</param>
/// <param name="ExpectedHeader">The first bytes of the entry that is to be replaced; empty when there was none.</param>
internal readonly record struct LeaseRequest(long Token, TimeSpan LeaseTime, bool OverridesCoolDown, ReadOnlyMemory<byte> ExpectedHeader)
{
    private const long TokenLimit = 1L << 52;

    public static long NewToken() => Random.Shared.NextInt64(TokenLimit / 2, TokenLimit);
}
