using System.Security.Cryptography;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Mongo.Reading;

/// <summary>
/// A tag for each <c>_id</c>. If entries have another key field, a change that names only the <c>_id</c> finds them by this tag. The id is
/// hashed, so an id of any type and length makes a valid tag.
/// </summary>
internal sealed class IdTags(string prefix)
{
    private const int UsedBytes = 16;

    public string? Find(ReadOnlySpan<byte> document) =>
        BsonField.Find(document, "_id"u8, out var kind, out var value) ? TagOf(kind, value) : null;

    public string TagOf(BsonValue id)
    {
        var document = new BsonDocument("_id", id).ToBson();
        return Find(document) ?? throw new InvalidOperationException("It was put there.");
    }

    private string TagOf(BsonKind kind, ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(value, hash);
        return $"{prefix}:{(byte)kind:x2}{Convert.ToHexStringLower(hash[..UsedBytes])}";
    }
}
