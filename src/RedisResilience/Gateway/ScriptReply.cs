using System.Buffers.Binary;
using System.Collections.Immutable;

namespace RedisResilience.Gateway;

/// <summary>
/// The integers that a script returns, packed by <c>struct.pack</c> into eight bytes each. There are always five, and some scripts return
/// more.
/// </summary>
internal readonly record struct ScriptReply(
    long First, long Second, long Third, long Fourth, long Fifth, ImmutableArray<long> More = default)
{
    /// <summary>The most bytes that a script returns.</summary>
    public const int MaximumSize = 64 * sizeof(long);

    private const int Always = 5;

    /// <summary>Whether so many bytes can be the reply of a script.</summary>
    public static bool IsSize(int size) => size is >= Always * sizeof(long) and <= MaximumSize && size % sizeof(long) == 0;

    /// <summary>Reads the integers from as many bytes as a reply can have.</summary>
    public static ScriptReply Read(ReadOnlySpan<byte> packed) =>
        new(At(packed, 0), At(packed, 1), At(packed, 2), At(packed, 3), At(packed, 4), ReadMore(packed));

    private static long At(ReadOnlySpan<byte> packed, int place) => BinaryPrimitives.ReadInt64BigEndian(packed[(place * sizeof(long))..]);

    private static ImmutableArray<long> ReadMore(ReadOnlySpan<byte> packed)
    {
        var count = (packed.Length / sizeof(long)) - Always;
        if (count == 0)
        {
            return default;
        }

        var builder = ImmutableArray.CreateBuilder<long>(count);
        for (var place = 0; place < count; place++)
        {
            builder.Add(At(packed, Always + place));
        }

        return builder.MoveToImmutable();
    }
}
