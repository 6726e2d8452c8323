namespace RedisResilience.HttpSemantics;

/// <summary>One range of bytes as <c>Range</c> asks for it (RFC 9110, section 14.1).</summary>
/// <param name="First">The first byte; null: the last <paramref name="Last"/> ones are asked for.</param>
/// <param name="Last">The last byte, or how many from the end; null: all that follow.</param>
internal readonly record struct ByteRange(long? First, long? Last)
{
    /// <summary>Reads a field that asks for one range. Several of them, other units and what breaks the rules are not for a cache to
    /// answer.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ByteRange range)
    {
        range = default;
        var equals = text.IndexOf('=');
        if (equals < 0 || !text[..equals].Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var bounds = FieldText.Trim(text[(equals + 1)..]);
        var dash = bounds.IndexOf('-');
        if (dash < 0
            || bounds.Length == 1
            || !TryReadBound(bounds[..dash], out var first)
            || !TryReadBound(bounds[(dash + 1)..], out var last)
            || first > last)
        {
            return false;
        }

        range = new ByteRange(first, last);
        return true;
    }

    /// <summary>Where the range stands in a body of this length; false when no byte of it is there.</summary>
    public bool TryResolve(long length, out long offset, out long count)
    {
        offset = First ?? Math.Max(0, length - Last!.Value);
        var end = First is null || Last is not { } last || last >= length ? length : last + 1;
        count = end - offset;
        return count > 0;
    }

    private static bool TryReadBound(ReadOnlySpan<char> text, out long? bound)
    {
        bound = null;
        if (text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        // A number that is too long for any body is beyond its end.
        bound = text.IsEmpty
            ? null
            : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number : long.MaxValue - 1;
        return true;
    }
}
