using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Which fields of a document are sent: those named, or all but those named.</summary>
internal static class Projector
{
    public static BsonDocument Apply(BsonDocument document, BsonDocument? projection)
    {
        if (projection is null or { ElementCount: 0 })
        {
            return document;
        }

        var fields = projection.Where(field => field.Name != "_id").ToArray();
        if (fields.Any(field => field.Value is not (BsonBoolean or BsonInt32 or BsonInt64 or BsonDouble)))
        {
            throw WireException.BadValue("Only inclusion and exclusion are known here.");
        }

        if (fields.Select(field => field.Value.ToBoolean()).Distinct().Count() > 1)
        {
            throw fields[0].Value.ToBoolean()
                ? new WireException(31254, "Location31254", "Cannot do exclusion in an inclusion projection.")
                : new WireException(31253, "Location31253", "Cannot do inclusion in an exclusion projection.");
        }

        if (fields.Any(field => fields.Any(other => other.Name.StartsWith(field.Name + ".", StringComparison.Ordinal))))
        {
            throw new WireException(31249, "Location31249", "Path collision");
        }

        var keepsId = !projection.TryGetValue("_id", out var id) || id.ToBoolean();
        return fields.Length > 0 && fields[0].Value.ToBoolean() || (fields.Length == 0 && keepsId)
            ? Include(document, fields.Select(field => field.Name), keepsId)
            : Exclude(document, fields.Select(field => field.Name), keepsId);
    }

    private static BsonDocument Include(BsonDocument document, IEnumerable<string> paths, bool keepsId)
    {
        var result = new BsonDocument();
        foreach (var path in keepsId ? paths.Prepend("_id") : paths)
        {
            if (FieldPath.Get(document, path) is { } value)
            {
                FieldPath.Set(result, path, value);
            }
        }

        return result;
    }

    private static BsonDocument Exclude(BsonDocument document, IEnumerable<string> paths, bool keepsId)
    {
        var result = (BsonDocument)document.DeepClone();
        foreach (var path in keepsId ? paths : paths.Append("_id"))
        {
            FieldPath.Remove(result, path);
        }

        return result;
    }
}
