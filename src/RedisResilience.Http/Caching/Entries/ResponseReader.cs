using System.Buffers.Binary;
using System.Text;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Entries;

/// <summary>Reads the format that <see cref="ResponseFormat"/> writes. After the first error, every further value is empty, and the end is
/// not reached.</summary>
internal ref struct ResponseReader(ReadOnlySpan<byte> bytes)
{
    private const long LongestTime = 1000L * DeltaSeconds.Maximum * 2;
    private const int MostTexts = 4096;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private bool _isWrong;

    public static bool IsTime(long milliseconds) => milliseconds is >= -1 and <= LongestTime;

    public static bool IsDate(long milliseconds) => milliseconds is >= 0 and <= 253_402_300_799_999;

    public bool TryReadPrefix(byte version, out int headLength)
    {
        headLength = 0;
        if (_bytes.Length < 5 || _bytes[0] != version)
        {
            return false;
        }

        headLength = BinaryPrimitives.ReadInt32LittleEndian(_bytes[1..]);
        _at = 5;
        return headLength >= _at && headLength <= _bytes.Length && headLength <= ResponseFormat.LongestHead;
    }

    public readonly bool EndsAt(int headLength) => !_isWrong && _at == headLength;

    public long Number() => Take(sizeof(long)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public string Text()
    {
        var length = Number();
        return length is > 0 and <= int.MaxValue ? Encoding.UTF8.GetString(Take((int)length)) : Fail(length != 0);
    }

    public string[] Texts()
    {
        var texts = new string[Count()];
        for (var index = 0; index < texts.Length; index++)
        {
            texts[index] = Text();
        }

        return texts;
    }

    /// <summary>Reads header fields that are valid in HTTP: names are tokens, and values contain no line break.</summary>
    public FieldLine[] Fields()
    {
        var fields = new FieldLine[Count()];
        for (var index = 0; index < fields.Length; index++)
        {
            fields[index] = new FieldLine(Text(), Text());
            _isWrong |= !FieldText.IsToken(fields[index].Name) || fields[index].Value.AsSpan().ContainsAny('\r', '\n', '\0');
        }

        return fields;
    }

    private int Count()
    {
        var count = Number();
        _isWrong |= count is < 0 or > MostTexts;
        return _isWrong ? 0 : (int)count;
    }

    private string Fail(bool isWrong)
    {
        _isWrong |= isWrong;
        return "";
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (_isWrong || length > _bytes.Length - _at)
        {
            _isWrong = true;
            return default;
        }

        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }
}
