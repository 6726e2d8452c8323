using System.Text.Json.Serialization;

namespace RedisResilience.Dashboard.Actions;

/// <summary>Actions as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(ActionResponse))]
[JsonSerializable(typeof(ActionToken))]
internal sealed partial class ActionJson : JsonSerializerContext;
