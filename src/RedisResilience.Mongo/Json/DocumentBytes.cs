using System.Buffers;
using MongoDB.Bson.IO;

namespace RedisResilience.Mongo.Json;

/// <summary>Takes the bytes of the document that the driver is about to read, so that the driver creates no object for it.</summary>
internal static class DocumentBytes
{
    public static TResult Read<TState, TResult>(IBsonReader reader, TState state, Func<TState, ReadOnlySpan<byte>, TResult> use)
    {
        // A part of the reply's own buffer.
        using var document = reader.ReadRawBsonDocument();
        var length = document.Length;
        var first = document.AccessBackingBytes(0);
        if (first.Count >= length)
        {
            return use(state, first.AsSpan(0, length));
        }

        // The reply was too large for one buffer.
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            document.GetBytes(0, whole, 0, length);
            return use(state, whole.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
