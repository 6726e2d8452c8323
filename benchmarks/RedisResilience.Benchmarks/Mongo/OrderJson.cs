using System.Text.Json.Serialization;

namespace RedisResilience.Benchmarks.Mongo;

/// <summary>The fast path of System.Text.Json: compiled, not reflected.</summary>
[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJson : JsonSerializerContext;
