using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text.Unicode;

namespace RedisResilience.Mongo.Json;

/// <summary>Writes JSON tokens in UTF-8 into a pooled buffer that grows.</summary>
internal ref struct JsonOutput(int capacity)
{
    private const int LongestNumber = 32;

    // What needs no second look: ASCII that JSON takes as it is.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x60).Select(value => (byte)value).Where(value => value is not ((byte)'"' or (byte)'\\'))]);

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    private int _length;

    /// <summary>Returns the buffer. Nothing may be written after that.</summary>
    public JsonBody ToBody()
    {
        var body = new JsonBody(_buffer, _length);
        _buffer = [];
        return body;
    }

    /// <summary>Gives the buffer back without a result.</summary>
    public void Abandon()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    public void Write(byte token)
    {
        if (_length == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[_length++] = token;
    }

    public void Write(scoped ReadOnlySpan<byte> tokens)
    {
        tokens.CopyTo(Reserve(tokens.Length));
        _length += tokens.Length;
    }

    public void WriteText(scoped ReadOnlySpan<byte> utf8)
    {
        Write((byte)'"');
        var special = utf8.IndexOfAnyExcept(Plain);
        if (special < 0)
        {
            Write(utf8);
        }
        else
        {
            WriteEscaped(utf8);
        }

        Write((byte)'"');
    }

    /// <returns>The bytes that were written.</returns>
    public ReadOnlySpan<byte> WriteNumber<T>(T value)
        where T : IUtf8SpanFormattable
    {
        var space = Reserve(LongestNumber);
        var isWritten = value.TryFormat(space, out var written, default, CultureInfo.InvariantCulture);
        Debug.Assert(isWritten, "No number is longer.");
        _length += written;
        return space[..written];
    }

    public void WriteHexadecimal(scoped ReadOnlySpan<byte> bytes)
    {
        Convert.TryToHexStringLower(bytes, Reserve(2 * bytes.Length), out var written);
        _length += written;
    }

    public void WriteBase64(scoped ReadOnlySpan<byte> bytes)
    {
        Base64.EncodeToUtf8(bytes, Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        _length += written;
    }

    private void WriteEscaped(scoped ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw MalformedBson.BadText();
        }

        for (var special = utf8.IndexOfAny(Escaped); special >= 0; special = utf8.IndexOfAny(Escaped))
        {
            Write(utf8[..special]);
            WriteEscape(utf8[special]);
            utf8 = utf8[(special + 1)..];
        }

        Write(utf8);
    }

    private void WriteEscape(byte value)
    {
        Write((byte)'\\');
        switch (value)
        {
            case (byte)'\n': Write((byte)'n'); break;
            case (byte)'\r': Write((byte)'r'); break;
            case (byte)'\t': Write((byte)'t'); break;
            case (byte)'"' or (byte)'\\': Write(value); break;
            default:
                Write("u00"u8);
                WriteHexadecimal([value]);
                break;
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int count)
    {
        var needed = (long)_length + count;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Array.MaxLength));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
