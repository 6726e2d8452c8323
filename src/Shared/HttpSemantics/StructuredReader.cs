namespace RedisResilience.HttpSemantics;

/// <summary>
/// Reads a dictionary or a list of structured fields (RFC 9651, section 4.2). When a method returns false, the whole field must be ignored.
/// </summary>
internal ref struct StructuredReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public void SkipSpaces() => _rest = _rest.TrimStart(' ');

    /// <summary>A key: lower-case letters, digits, and <c>_ - . *</c>, the first of them a letter or a star.</summary>
    public bool TryReadKey(out string key)
    {
        var length = 0;
        while (length < _rest.Length && (char.IsAsciiLetterLower(_rest[length])
            || _rest[length] == '*'
            || (length > 0 && (char.IsAsciiDigit(_rest[length]) || _rest[length] is '_' or '-' or '.'))))
        {
            length++;
        }

        key = Take(length).ToString();
        return length > 0;
    }

    /// <summary>What follows a key: its value with its parameters; a key alone is true.</summary>
    public bool TryReadMember(out StructuredType type, out string value)
    {
        (type, value) = (StructuredType.Boolean, "1");
        return (!TryTake('=') || TryReadItem(out type, out value)) && TryReadParameters(null);
    }

    /// <summary>A value without its parameters.</summary>
    public bool TryReadItem(out StructuredType type, out string value)
    {
        if (TryTake('('))
        {
            (type, value) = (StructuredType.InnerList, "");
            return TryReadInnerList();
        }

        return StructuredItem.TryRead(ref _rest, out type, out value);
    }

    /// <summary>Parameters: each with a semicolon before it.</summary>
    public bool TryReadParameters(Action<string, StructuredType, string>? found)
    {
        while (TryTake(';'))
        {
            SkipSpaces();
            var (type, value) = (StructuredType.Boolean, "1");
            if (!TryReadKey(out var key) || (TryTake('=') && !StructuredItem.TryRead(ref _rest, out type, out value)))
            {
                return false;
            }

            found?.Invoke(key, type, value);
        }

        return true;
    }

    /// <summary>A comma with something behind it, or the end.</summary>
    public bool TryReadSeparator()
    {
        _rest = FieldText.Trim(_rest);
        if (IsAtEnd)
        {
            return true;
        }

        if (!TryTake(','))
        {
            return false;
        }

        _rest = FieldText.Trim(_rest);
        return !IsAtEnd;
    }

    private bool TryReadInnerList()
    {
        while (true)
        {
            SkipSpaces();
            if (TryTake(')'))
            {
                return true;
            }

            if (!StructuredItem.TryRead(ref _rest, out _, out _) || !TryReadParameters(null) || IsAtEnd || _rest[0] is not (' ' or ')'))
            {
                return false;
            }
        }
    }

    private bool TryTake(char character)
    {
        var isThere = !_rest.IsEmpty && _rest[0] == character;
        _rest = isThere ? _rest[1..] : _rest;
        return isThere;
    }

    private ReadOnlySpan<char> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
