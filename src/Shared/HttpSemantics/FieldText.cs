namespace RedisResilience.HttpSemantics;

/// <summary>The characters and lists of header fields (RFC 9110, section 5.6).</summary>
internal static class FieldText
{
    private static readonly System.Buffers.SearchValues<char> TokenCharacters =
        System.Buffers.SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a text is a token, such as a field's name.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>The text without the optional white space around it, which is a space or a tab and nothing else.</summary>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => text.Trim([' ', '\t']);

    /// <summary>The next element of a list, trimmed; what follows it stays in <paramref name="rest"/>. Commas in quotes are no
    /// separators.</summary>
    public static ReadOnlySpan<char> NextElement(ref ReadOnlySpan<char> rest)
    {
        var end = EndOfElement(rest);
        var element = Trim(rest[..end]);
        rest = end == rest.Length ? default : rest[(end + 1)..];
        return element;
    }

    /// <summary>Where a quoted string ends that begins the text: behind its closing quote; -1 when there is none.</summary>
    public static int EndOfQuoted(ReadOnlySpan<char> text)
    {
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                return at + 1;
            }

            at += text[at] == '\\' ? 1 : 0;
        }

        return -1;
    }

    /// <summary>What stands between the quotes, without its backslashes.</summary>
    public static string Unquote(ReadOnlySpan<char> quoted)
    {
        var text = new System.Text.StringBuilder(quoted.Length);
        for (var at = 1; at < quoted.Length - 1; at++)
        {
            at += quoted[at] == '\\' ? 1 : 0;
            text.Append(quoted[at]);
        }

        return text.ToString();
    }

    private static int EndOfElement(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == ',')
            {
                return at;
            }

            // A quote that is never closed is a character like others: nothing that follows may be hidden by it.
            at += text[at] == '"' && EndOfQuoted(text[at..]) is > 0 and var length ? length - 1 : 0;
        }

        return text.Length;
    }
}
