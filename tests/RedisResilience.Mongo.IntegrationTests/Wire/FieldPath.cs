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

    /// <summary>As expressions read a path: of an array, the field of each of its documents.</summary>
    public static BsonValue? GetAll(BsonValue value, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var (name, rest) = dot < 0 ? (path, null) : (path[..dot], path[(dot + 1)..]);
        return value switch
        {
            BsonArray array => new BsonArray(array.Select(one => GetAll(one, path)).OfType<BsonValue>()),
            BsonDocument document when document.TryGetValue(name, out var inner) => rest is null ? inner : GetAll(inner, rest),
            _ => null,
        };
    }

    public static void Set(BsonDocument document, string path, BsonValue value)
    {
        var parts = path.Split('.');
        BsonValue parent = document;
        foreach (var part in parts[..^1])
        {
            if (parent is BsonDocument here && !here.Contains(part))
            {
                here[part] = new BsonDocument();
            }

            parent = parent is BsonArray array && int.TryParse(part, out var place) ? array[place] : parent[part];
            if (parent is not (BsonDocument or BsonArray))
            {
                throw new WireException(28, "PathNotViable", $"Cannot create field in element {part}");
            }
        }

        if (parent is BsonDocument inner)
        {
            inner[parts[^1]] = value;
        }
        else
        {
            parent.AsBsonArray[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        }
    }

    public static void Remove(BsonDocument document, string path)
    {
        var parts = path.Split('.');
        var parent = parts.Length == 1 ? document : Get(document, string.Join('.', parts[..^1])) as BsonDocument;
        parent?.Remove(parts[^1]);
    }
}
