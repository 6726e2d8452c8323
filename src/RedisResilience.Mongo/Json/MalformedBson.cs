namespace RedisResilience.Mongo.Json;

/// <summary>The errors in bytes that should be a document. The messages name no field and no value.</summary>
internal static class MalformedBson
{
    public static FormatException EndsTooEarly() => new("The BSON is malformed: a value ends after its document does.");

    public static FormatException BadLength() => new("The BSON is malformed: a length is impossible.");

    public static FormatException NoTerminator() => new("The BSON is malformed: a document, a name or a text has no end.");

    public static FormatException UnknownKind(BsonKind kind) => new($"The BSON is malformed: there is no type 0x{(byte)kind:x2}.");

    public static FormatException BadText() => new("The BSON has text that is not valid UTF-8.");

    public static FormatException BadBoolean() => new("The BSON is malformed: a boolean is neither 0 nor 1.");

    public static FormatException TooDeep() => new($"The BSON is nested deeper than {BsonToJson.MaximumDepth} levels.");
}
