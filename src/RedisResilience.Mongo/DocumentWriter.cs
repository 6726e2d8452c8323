using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace RedisResilience.Mongo;

/// <summary>From MongoDB to the response: BSON to relaxed Extended JSON in UTF-8.</summary>
internal static class DocumentWriter
{
    private static readonly JsonWriterSettings Relaxed = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };

    public static ReadOnlyMemory<byte> Write(RawBsonDocument document) => Encoding.UTF8.GetBytes(document.ToJson(Relaxed));
}
