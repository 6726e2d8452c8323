using System.Text.Json.Serialization;

namespace RedisResilience.Dashboard.Serving;

/// <summary>Messages as JSON on one line. Letters that mean something in HTML are escaped.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FirstMessage))]
[JsonSerializable(typeof(NextMessage))]
internal sealed partial class MessageJson : JsonSerializerContext;
