using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RedisResilience.Mongo.Json;

/// <summary>Writes simple values as relaxed Extended JSON v2, or as plain text if the options ask for that.</summary>
internal sealed class ExtendedJson(bool datesAsText, bool objectIdsAsText, bool decimalsAsText)
{
    private const int RoundTripLength = 28;
    private const int LengthToSeconds = 19;
    private const int LengthToMilliseconds = 23;

    // The years 1 to 9999 as .NET has them; relaxed Extended JSON begins with 1970.
    private static readonly long FirstMillisecond = -DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMillisecond;
    private static readonly long LastMillisecond = (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    public void Write(ref JsonOutput output, BsonKind kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case BsonKind.Text:
                output.WriteText(new BsonBytes(value).ReadText());
                break;
            case BsonKind.Int32:
                output.WriteNumber(BinaryPrimitives.ReadInt32LittleEndian(value));
                break;
            case BsonKind.Int64:
                output.WriteNumber(BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            case BsonKind.Double:
                WriteDouble(ref output, BinaryPrimitives.ReadDoubleLittleEndian(value));
                break;
            case BsonKind.Boolean:
                output.Write(value[0] switch { 0 => "false"u8, 1 => "true"u8, _ => throw MalformedBson.BadBoolean() });
                break;
            case BsonKind.Null:
                output.Write("null"u8);
                break;
            case BsonKind.DateTime:
                WriteDate(ref output, BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            case BsonKind.ObjectId:
                WriteObjectId(ref output, value, objectIdsAsText);
                break;
            case BsonKind.Decimal128:
                WriteDecimal(ref output, value);
                break;
            default:
                RareExtendedJson.Write(ref output, kind, value);
                break;
        }
    }

    public static void WriteObjectId(ref JsonOutput output, ReadOnlySpan<byte> value, bool asText)
    {
        output.Write(asText ? "\""u8 : "{\"$oid\":\""u8);
        output.WriteHexadecimal(value);
        output.Write(asText ? "\""u8 : "\"}"u8);
    }

    private static void WriteDouble(ref JsonOutput output, double value)
    {
        if (!double.IsFinite(value))
        {
            output.Write("{\"$numberDouble\":\""u8);
            output.Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
            output.Write("\"}"u8);
            return;
        }

        // A double stays one: 1.0, not 1.
        if (output.WriteNumber(value).IndexOfAny((byte)'.', (byte)'E') < 0)
        {
            output.Write(".0"u8);
        }
    }

    private void WriteDate(ref JsonOutput output, long milliseconds)
    {
        var isText = milliseconds <= LastMillisecond && milliseconds >= (datesAsText ? FirstMillisecond : 0);
        if (!isText)
        {
            output.Write("{\"$date\":{\"$numberLong\":\""u8);
            output.WriteNumber(milliseconds);
            output.Write("\"}}"u8);
            return;
        }

        output.Write(datesAsText ? "\""u8 : "{\"$date\":\""u8);
        Span<byte> text = stackalloc byte[RoundTripLength];
        DateTime.UnixEpoch.AddMilliseconds(milliseconds).TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        output.Write(text[..(milliseconds % 1000 == 0 ? LengthToSeconds : LengthToMilliseconds)]);
        output.Write((byte)'Z');
        output.Write(datesAsText ? "\""u8 : "\"}"u8);
    }

    private void WriteDecimal(ref JsonOutput output, ReadOnlySpan<byte> value)
    {
        var number = Decimal128.FromIEEEBits(
            BinaryPrimitives.ReadUInt64LittleEndian(value[sizeof(ulong)..]), BinaryPrimitives.ReadUInt64LittleEndian(value));
        output.Write(decimalsAsText ? "\""u8 : "{\"$numberDecimal\":\""u8);
        output.Write(Encoding.ASCII.GetBytes(number.ToString()));
        output.Write(decimalsAsText ? "\""u8 : "\"}"u8);
    }
}
