namespace RedisResilience.HttpSemantics;

/// <summary>One value of a structured field (RFC 9651, sections 4.2.3.1 to 4.2.10): its type, and its text without quotes.</summary>
internal static class StructuredItem
{
    private const int MostIntegerDigits = 15;
    private const int MostDecimalDigits = 12;
    private const int MostFractionDigits = 3;

    /// <summary>Takes a value off the text.</summary>
    public static bool TryRead(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        (type, value) = (StructuredType.Token, "");
        var first = rest.IsEmpty ? '\0' : rest[0];
        return first switch
        {
            '"' => TryReadString(ref rest, out type, out value),
            '?' => TryReadBoolean(ref rest, out type, out value),
            ':' => TryReadBytes(ref rest, out type, out value),
            '@' => TryReadDate(ref rest, out type, out value),
            '%' => TryReadDisplayString(ref rest, out type, out value),
            '-' => TryReadNumber(ref rest, out type, out value),
            _ when char.IsAsciiDigit(first) => TryReadNumber(ref rest, out type, out value),
            _ => (first == '*' || char.IsAsciiLetter(first))
                && Take(ref rest, LengthOf(rest, static c => c is ':' or '/' || FieldText.IsToken([c])), out value),
        };
    }

    private static bool TryReadBoolean(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        type = StructuredType.Boolean;
        rest = rest[1..];
        return Take(ref rest, !rest.IsEmpty && rest[0] is '0' or '1' ? 1 : 0, out value);
    }

    private static bool TryReadString(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        (type, value) = (StructuredType.String, "");
        var end = FieldText.EndOfQuoted(rest);
        if (end < 0 || rest[..end].ContainsAnyExceptInRange(' ', '~') || HasWrongEscape(rest[1..(end - 1)]))
        {
            return false;
        }

        value = FieldText.Unquote(rest[..end]);
        rest = rest[end..];
        return true;
    }

    private static bool HasWrongEscape(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && text[++at] is not ('"' or '\\'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryReadBytes(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        (type, value) = (StructuredType.Bytes, "");
        var length = LengthOf(rest[1..], static c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=');
        return rest.Length > length + 1 && rest[length + 1] == ':' && Take(ref rest, length + 2, out value);
    }

    private static bool TryReadDate(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        rest = rest[1..];
        var isNumber = TryReadNumber(ref rest, out var kind, out value);
        type = StructuredType.Date;
        return isNumber && kind == StructuredType.Integer;
    }

    private static bool TryReadDisplayString(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        (type, value) = (StructuredType.DisplayString, "");
        var length = rest.Length > 2 && rest[1] == '"' ? rest[2..].IndexOf('"') : -1;
        return length >= 0 && !rest[2..(length + 2)].ContainsAnyExceptInRange(' ', '~') && Take(ref rest, length + 3, out value);
    }

    private static bool TryReadNumber(ref ReadOnlySpan<char> rest, out StructuredType type, out string value)
    {
        var sign = rest.StartsWith('-') ? 1 : 0;
        var digits = LengthOf(rest[sign..], char.IsAsciiDigit);
        var length = sign + digits;
        type = length < rest.Length && rest[length] == '.' ? StructuredType.Decimal : StructuredType.Integer;
        value = "";
        if (type == StructuredType.Integer)
        {
            return digits is > 0 and <= MostIntegerDigits && Take(ref rest, length, out value);
        }

        var fraction = LengthOf(rest[(length + 1)..], char.IsAsciiDigit);
        return digits is > 0 and <= MostDecimalDigits
            && fraction is > 0 and <= MostFractionDigits
            && Take(ref rest, length + 1 + fraction, out value);
    }

    private static bool Take(ref ReadOnlySpan<char> rest, int length, out string value)
    {
        value = rest[..length].ToString();
        rest = rest[length..];
        return length > 0;
    }

    private static int LengthOf(ReadOnlySpan<char> text, Func<char, bool> isPart)
    {
        var length = 0;
        while (length < text.Length && isPart(text[length]))
        {
            length++;
        }

        return length;
    }
}
