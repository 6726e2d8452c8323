namespace RedisResilience.Mongo.Json;

/// <summary>Converts the bytes of a document to the bytes of a response, without objects or strings in between.</summary>
internal sealed class BsonToJson(DocumentJsonOptions options, bool hidesId)
{
    /// <summary>The server's own bound on nesting.</summary>
    public const int MaximumDepth = 200;

    private readonly FieldRules? _rules = FieldRules.From(options, hidesId);
    private readonly ExtendedJson _values = new(options.DatesAsText, options.ObjectIdsAsText, options.DecimalsAsText);

    /// <exception cref="FormatException">The bytes are not a document, or one that cannot be JSON.</exception>
    public JsonBody Write(ReadOnlySpan<byte> document)
    {
        var output = new JsonOutput(document.Length + (document.Length / 2));
        try
        {
            WriteDocument(ref output, document, _rules, depth: 1);
            return output.ToBody();
        }
        catch
        {
            output.Abandon();
            throw;
        }
    }

    private void WriteDocument(ref JsonOutput output, ReadOnlySpan<byte> document, FieldRules? rules, int depth)
    {
        var elements = Enter(document, depth);
        output.Write((byte)'{');
        var isFirst = true;
        while (!elements.IsAtEnd)
        {
            var kind = elements.ReadKind();
            var name = elements.ReadName();
            var value = elements.ReadValue(kind);
            var rule = rules?.Find(name);
            if (rule is { IsHidden: true })
            {
                continue;
            }

            if (!isFirst)
            {
                output.Write((byte)',');
            }

            isFirst = false;
            output.WriteText(rule?.NewName ?? name);
            output.Write((byte)':');
            WriteValue(ref output, kind, value, rule?.Inside, depth);
        }

        output.Write((byte)'}');
    }

    private void WriteArray(ref JsonOutput output, ReadOnlySpan<byte> array, FieldRules? rules, int depth)
    {
        var elements = Enter(array, depth);
        output.Write((byte)'[');
        for (var isFirst = true; !elements.IsAtEnd; isFirst = false)
        {
            if (!isFirst)
            {
                output.Write((byte)',');
            }

            var kind = elements.ReadKind();

            // Its position, as text.
            elements.ReadName();
            WriteValue(ref output, kind, elements.ReadValue(kind), rules, depth);
        }

        output.Write((byte)']');
    }

    private void WriteValue(ref JsonOutput output, BsonKind kind, ReadOnlySpan<byte> value, FieldRules? rules, int depth)
    {
        switch (kind)
        {
            case BsonKind.Document:
                WriteDocument(ref output, value, rules, depth + 1);
                break;
            case BsonKind.Array:
                WriteArray(ref output, value, rules, depth + 1);
                break;
            case BsonKind.JavaScriptWithScope:
                WriteCodeWithScope(ref output, value, depth);
                break;
            default:
                _values.Write(ref output, kind, value);
                break;
        }
    }

    private void WriteCodeWithScope(ref JsonOutput output, ReadOnlySpan<byte> value, int depth)
    {
        var parts = new BsonBytes(value[sizeof(int)..]);
        output.Write("{\"$code\":"u8);
        output.WriteText(parts.ReadText());
        output.Write(",\"$scope\":"u8);
        WriteDocument(ref output, parts.ReadRest(), rules: null, depth + 1);
        output.Write((byte)'}');
    }

    private static BsonBytes Enter(ReadOnlySpan<byte> document, int depth) =>
        depth <= MaximumDepth ? BsonBytes.ElementsOf(document) : throw MalformedBson.TooDeep();
}
