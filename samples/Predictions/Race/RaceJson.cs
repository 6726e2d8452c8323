using System.Text.Json.Serialization;

namespace Predictions.Race;

/// <summary>Messages as JSON on one line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RaceMessage))]
internal sealed partial class RaceJson : JsonSerializerContext;
