using System.Buffers.Binary;
using System.Globalization;

namespace RedisResilience.Mongo.Json;

/// <summary>A Decimal128's text, as the BSON specification of Decimal128 has it: all digits, an exponent only where zeros would mislead.</summary>
internal static class DecimalText
{
    public const int MaximumLength = 48;

    private const int ExponentBias = 6176;
    private const int LowestPlainExponent = -6;

    /// <returns>How many bytes were written.</returns>
    public static int Format(ReadOnlySpan<byte> bytes, Span<byte> text)
    {
        var low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]);
        var length = 0;
        var isSpecial = (high & 0x7800_0000_0000_0000) == 0x7800_0000_0000_0000;
        if (isSpecial && (high & 0x0400_0000_0000_0000) != 0)
        {
            return Append(text, 0, "NaN"u8);
        }

        if (high >> 63 != 0)
        {
            text[length++] = (byte)'-';
        }

        if (isSpecial)
        {
            return Append(text, length, "Infinity"u8);
        }

        // The second encoding, with an implied 0b100 in front, only has significands that are too large: they count as zero.
        var isLarge = (high & 0x6000_0000_0000_0000) == 0x6000_0000_0000_0000;
        var exponent = (int)((isLarge ? high >> 47 : high >> 49) & 0x3FFF) - ExponentBias;
        var significand = isLarge ? UInt128.Zero : new UInt128(high & 0x0001_FFFF_FFFF_FFFF, low);
        Span<byte> digits = stackalloc byte[40];
        significand.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        digits = digits[..count];
        var adjusted = exponent + count - 1;
        return exponent <= 0 && adjusted >= LowestPlainExponent ? Plain(text, length, digits, exponent) : Scientific(text, length, digits, adjusted);
    }

    private static int Plain(Span<byte> text, int length, ReadOnlySpan<byte> digits, int exponent)
    {
        var whole = digits.Length + exponent;
        if (exponent == 0)
        {
            return Append(text, length, digits);
        }

        if (whole > 0)
        {
            length = Append(text, length, digits[..whole]);
            text[length++] = (byte)'.';
            return Append(text, length, digits[whole..]);
        }

        length = Append(text, length, "0."u8);
        text.Slice(length, -whole).Fill((byte)'0');
        return Append(text, length - whole, digits);
    }

    private static int Scientific(Span<byte> text, int length, ReadOnlySpan<byte> digits, int adjusted)
    {
        text[length++] = digits[0];
        if (digits.Length > 1)
        {
            text[length++] = (byte)'.';
            length = Append(text, length, digits[1..]);
        }

        text[length++] = (byte)'E';
        text[length++] = adjusted < 0 ? (byte)'-' : (byte)'+';
        Math.Abs(adjusted).TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
        return length + written;
    }

    private static int Append(Span<byte> text, int length, ReadOnlySpan<byte> more)
    {
        more.CopyTo(text[length..]);
        return length + more.Length;
    }
}
