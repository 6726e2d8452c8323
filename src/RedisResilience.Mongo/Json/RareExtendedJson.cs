namespace RedisResilience.Mongo.Json;

/// <summary>Writes the BSON types that documents of an application seldom have.</summary>
internal static class RareExtendedJson
{
    // Before the bytes of this old subtype stands their length a second time.
    private const byte OldBinary = 2;

    public static void Write(ref JsonOutput output, BsonKind kind, ReadOnlySpan<byte> value)
    {
        var parts = new BsonBytes(value);
        switch (kind)
        {
            case BsonKind.Binary:
                WriteBinary(ref output, parts);
                break;
            case BsonKind.RegularExpression:
                WriteRegularExpression(ref output, parts);
                break;
            case BsonKind.Timestamp:
                WriteTimestamp(ref output, parts);
                break;
            case BsonKind.DatabasePointer:
                WriteDatabasePointer(ref output, parts);
                break;
            case BsonKind.JavaScript:
                WriteText(ref output, "{\"$code\":"u8, parts.ReadText());
                break;
            case BsonKind.Symbol:
                WriteText(ref output, "{\"$symbol\":"u8, parts.ReadText());
                break;
            case BsonKind.Undefined:
                output.Write("{\"$undefined\":true}"u8);
                break;
            case BsonKind.MinimumKey:
                output.Write("{\"$minKey\":1}"u8);
                break;
            case BsonKind.MaximumKey:
                output.Write("{\"$maxKey\":1}"u8);
                break;
            default:
                throw MalformedBson.UnknownKind(kind);
        }
    }

    private static void WriteText(ref JsonOutput output, ReadOnlySpan<byte> before, ReadOnlySpan<byte> text)
    {
        output.Write(before);
        output.WriteText(text);
        output.Write((byte)'}');
    }

    private static void WriteBinary(ref JsonOutput output, BsonBytes parts)
    {
        var length = parts.ReadInt32();
        var subtype = parts.ReadByte();
        if (subtype == OldBinary && parts.ReadInt32() != length - sizeof(int))
        {
            throw MalformedBson.BadLength();
        }

        output.Write("{\"$binary\":{\"base64\":\""u8);
        output.WriteBase64(parts.ReadRest());
        output.Write("\",\"subType\":\""u8);
        output.WriteHexadecimal([subtype]);
        output.Write("\"}}"u8);
    }

    private static void WriteRegularExpression(ref JsonOutput output, BsonBytes parts)
    {
        output.Write("{\"$regularExpression\":{\"pattern\":"u8);
        output.WriteText(parts.ReadName());
        output.Write(",\"options\":"u8);
        output.WriteText(parts.ReadName());
        output.Write("}}"u8);
    }

    private static void WriteTimestamp(ref JsonOutput output, BsonBytes parts)
    {
        var increment = parts.ReadUInt32();
        output.Write("{\"$timestamp\":{\"t\":"u8);
        output.WriteNumber(parts.ReadUInt32());
        output.Write(",\"i\":"u8);
        output.WriteNumber(increment);
        output.Write("}}"u8);
    }

    private static void WriteDatabasePointer(ref JsonOutput output, BsonBytes parts)
    {
        output.Write("{\"$dbPointer\":{\"$ref\":"u8);
        output.WriteText(parts.ReadText());
        output.Write(",\"$id\":"u8);
        ExtendedJson.WriteObjectId(ref output, parts.ReadRest(), asText: false);
        output.Write("}}"u8);
    }
}
