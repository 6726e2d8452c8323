using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Tests.Json;

/// <summary>Documents as JSON, by the library and by the driver.</summary>
internal static partial class Written
{
    private static readonly JsonWriterSettings Relaxed = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };

    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };

    public static string ByUs(BsonDocument document, DocumentJsonOptions? options = null) => ByUs(document.ToBson(), options);

    public static string ByUs(ReadOnlySpan<byte> bson, DocumentJsonOptions? options = null)
    {
        using var body = new BsonToJson(options ?? new(), hidesId: false).Write(bson);
        return Encoding.UTF8.GetString(body.Memory.Span);
    }

    public static string ByTheDriver(BsonDocument document) => document.ToJson(Relaxed);

    /// <summary>The same JSON, with one way of escaping, of white space, and of doubles. Whole numbers keep their digits.</summary>
    public static string Normal(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return Fraction().Replace(
            ShortMilliseconds().Replace(JsonSerializer.Serialize(document.RootElement, Deep), time => time.Value.PadRight(4, '0')),
            number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("E16", CultureInfo.InvariantCulture));
    }

    // The driver drops a last zero, where the specification wants exactly three digits.
    [GeneratedRegex(@"(?<=T\d\d:\d\d:\d\d)\.\d{1,2}(?=Z)")]
    private static partial Regex ShortMilliseconds();

    // Not every double has its fewest digits in the driver's JSON.
    [GeneratedRegex(@"(?<=[:\[,])-?\d+(\.\d+(E[+-]?\d+)?|E[+-]?\d+)(?=[,\]}])")]
    private static partial Regex Fraction();
}
