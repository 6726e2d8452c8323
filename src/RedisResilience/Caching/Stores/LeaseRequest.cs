namespace RedisResilience.Caching.Stores;

/// <summary>Asks for the right to fill an entry.</summary>
/// <param name="Token">
/// A unique number of this request, from 2^51 to 2^52. Lua cannot count further, and numbers of other programs are usually smaller.
/// </param>
/// <param name="LeaseTime">How long the right lasts.</param>
/// <param name="OverridesCoolDown">Whether to ask a source that has just failed.</param>
/// <param name="ExpectedHeader">The first bytes of the entry to replace. Empty when there was none.</param>
internal readonly record struct LeaseRequest(long Token, TimeSpan LeaseTime, bool OverridesCoolDown, ReadOnlyMemory<byte> ExpectedHeader)
{
    private const long TokenLimit = 1L << 52;

    public static long NewToken() => Random.Shared.NextInt64(TokenLimit / 2, TokenLimit);
}
