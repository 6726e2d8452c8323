namespace RedisResilience.Mongo.Json;

/// <summary>Finds one top-level field of a document without reading the others.</summary>
internal static class BsonField
{
    public static bool Find(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name, out BsonKind kind, out ReadOnlySpan<byte> value)
    {
        for (var elements = BsonBytes.ElementsOf(document); !elements.IsAtEnd;)
        {
            kind = elements.ReadKind();
            var isIt = elements.ReadName().SequenceEqual(name);
            value = elements.ReadValue(kind);
            if (isIt)
            {
                return true;
            }
        }

        kind = default;
        value = default;
        return false;
    }
}
