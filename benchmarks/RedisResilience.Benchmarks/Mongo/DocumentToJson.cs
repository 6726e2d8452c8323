using System.Text.Json;
using BenchmarkDotNet.Attributes;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using RedisResilience.Mongo;
using RedisResilience.Mongo.Json;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>One document of 4 KB to the bytes of a response: over an object of its class, over the driver's JSON, and without
/// either.</summary>
public class DocumentToJson
{
    private static readonly JsonWriterSettings Relaxed = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };
    private readonly BsonToJson _json = new(new DocumentJsonOptions(), hidesId: false);

    [Benchmark(Baseline = true)]
    public int ObjectAndSystemTextJson() =>
        JsonSerializer.SerializeToUtf8Bytes(BsonSerializer.Deserialize<Order>(Order.Bson), OrderJson.Default.Order).Length;

    [Benchmark]
    public int DriversExtendedJson()
    {
        using var document = new RawBsonDocument(Order.Bson);
        return System.Text.Encoding.UTF8.GetBytes(document.ToJson(Relaxed)).Length;
    }

    [Benchmark]
    public int BsonToJson()
    {
        using var body = _json.Write(Order.Bson);
        return body.Memory.Length;
    }
}
