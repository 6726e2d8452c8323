using System.Text;
using System.Text.Json;

namespace RedisResilience.Mongo;

/// <summary>Converts a caller's JSON to the BSON of a whole document with its key.</summary>
internal static class DocumentReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static RawBsonDocument Read(ReadOnlyMemory<byte> json, string keyField, string id)
    {
        var document = Parse(json);
        if (document.Names.Any(name => name.StartsWith('$')))
        {
            // MongoDB would take it for an update's operators.
            throw new ArgumentException("A field of the document has a name that starts with '$'.", nameof(json));
        }

        if (!document.TryGetValue(keyField, out var key))
        {
            document.InsertAt(0, new BsonElement(keyField, id));
        }
        else if (key != id)
        {
            throw new ArgumentException($"The document's '{keyField}' is not the id that it is written under.", nameof(json));
        }

        return Encode(document, nameof(json));
    }

    private static BsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            // MongoDB's own reader takes a shell's dialect: single quotes, names without quotes, function calls.
            using (JsonDocument.Parse(json, Strict))
            {
                return BsonDocument.Parse(StrictUtf8.GetString(json.Span));
            }
        }
        catch (Exception invalid) when (
            invalid is JsonException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new ArgumentException("The document is not a JSON object that MongoDB can store.", nameof(json), invalid);
        }
    }

    /// <summary>Here and not in the driver, so that what BSON cannot hold is the caller's error.</summary>
    private static RawBsonDocument Encode(BsonDocument document, string parameterName)
    {
        try
        {
            return new RawBsonDocument(document.ToBson());
        }
        catch (Exception invalid) when (invalid is BsonException or ArgumentException)
        {
            throw new ArgumentException("The document has text that is not valid Unicode, or is nested too deep.", parameterName, invalid);
        }
    }
}
