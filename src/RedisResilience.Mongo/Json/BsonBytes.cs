using System.Buffers.Binary;

namespace RedisResilience.Mongo.Json;

/// <summary>Reads the parts of BSON one after the other, and never reads past the end of its input.</summary>
internal ref struct BsonBytes(ReadOnlySpan<byte> bytes)
{
    private const int ShortestDocument = 5;
    private const int ObjectIdSize = 12;

    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The elements of a document or an array: without its length and its terminator.</summary>
    public static BsonBytes ElementsOf(ReadOnlySpan<byte> document)
    {
        if (document.Length < ShortestDocument || BinaryPrimitives.ReadInt32LittleEndian(document) != document.Length)
        {
            throw MalformedBson.BadLength();
        }

        return document[^1] == 0 ? new BsonBytes(document[sizeof(int)..^1]) : throw MalformedBson.NoTerminator();
    }

    public BsonKind ReadKind() => (BsonKind)Take(1)[0];

    public byte ReadByte() => Take(1)[0];

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ReadOnlySpan<byte> ReadRest() => Take(_rest.Length);

    /// <summary>A text that ends with a zero: a name, a pattern.</summary>
    public ReadOnlySpan<byte> ReadName()
    {
        var end = _rest.IndexOf((byte)0);
        return end >= 0 ? Take(end + 1)[..^1] : throw MalformedBson.NoTerminator();
    }

    /// <summary>A text with its length before it.</summary>
    public ReadOnlySpan<byte> ReadText()
    {
        var text = Take(SizeAfterPrefix(1))[sizeof(int)..];
        return text[^1] == 0 ? text[..^1] : throw MalformedBson.NoTerminator();
    }

    /// <summary>All bytes of a value. Its inside is not looked at.</summary>
    public ReadOnlySpan<byte> ReadValue(BsonKind kind) => Take(kind switch
    {
        BsonKind.Undefined or BsonKind.Null or BsonKind.MinimumKey or BsonKind.MaximumKey => 0,
        BsonKind.Boolean => 1,
        BsonKind.Int32 => sizeof(int),
        BsonKind.Double or BsonKind.DateTime or BsonKind.Timestamp or BsonKind.Int64 => sizeof(long),
        BsonKind.ObjectId => ObjectIdSize,
        BsonKind.Decimal128 => 2 * sizeof(long),
        BsonKind.Text or BsonKind.JavaScript or BsonKind.Symbol => SizeAfterPrefix(1),
        BsonKind.Binary => SizeAfterPrefix(0) + 1,
        BsonKind.DatabasePointer => SizeAfterPrefix(1) + ObjectIdSize,
        BsonKind.Document or BsonKind.Array or BsonKind.JavaScriptWithScope => Prefix(ShortestDocument),
        BsonKind.RegularExpression => SizeOfNames(2),
        _ => throw MalformedBson.UnknownKind(kind),
    });

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count > _rest.Length)
        {
            throw MalformedBson.EndsTooEarly();
        }

        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private readonly long SizeAfterPrefix(int minimum) => sizeof(int) + Prefix(minimum);

    private readonly long Prefix(int minimum)
    {
        if (_rest.Length < sizeof(int))
        {
            throw MalformedBson.EndsTooEarly();
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        return length >= minimum ? length : throw MalformedBson.BadLength();
    }

    private readonly long SizeOfNames(int count)
    {
        var names = this;
        for (; count > 0; count--)
        {
            names.ReadName();
        }

        return _rest.Length - names._rest.Length;
    }
}
