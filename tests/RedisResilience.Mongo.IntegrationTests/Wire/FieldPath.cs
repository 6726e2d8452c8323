using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Dotted paths into documents.</summary>
internal static class FieldPath
{
    public static BsonValue? Get(BsonDocument document, string path)
    {
        BsonValue? value = document;
        foreach (var part in path.Split('.'))
        {
            if (value is not BsonDocument inner || !inner.TryGetValue(part, out value))
            {
                return null;
            }
        }

        return value;
    }

    public static void Set(BsonDocument document, string path, BsonValue value)
    {
        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            if (!document.TryGetValue(part, out var inner))
            {
                document[part] = inner = new BsonDocument();
            }

            document = inner as BsonDocument ?? throw new WireException(28, "PathNotViable", $"Cannot create field in element {part}");
        }

        document[parts[^1]] = value;
    }

    public static void Remove(BsonDocument document, string path)
    {
        var parts = path.Split('.');
        var parent = parts.Length == 1 ? document : Get(document, string.Join('.', parts[..^1])) as BsonDocument;
        parent?.Remove(parts[^1]);
    }
}
