using System.Text.Json;
using System.Text.Json.Serialization;

namespace Predictions.Forecasting;

/// <summary>Predictions as JSON, and back, refusing what is not one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(Prediction))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class PredictionJson : JsonSerializerContext
{
    public static byte[] Write(Prediction prediction) => JsonSerializer.SerializeToUtf8Bytes(prediction, Default.Prediction);

    /// <summary>Reads a document about a symbol. Null, with the reason, when it is not one.</summary>
    public static Prediction? TryRead(ReadOnlySpan<byte> json, string symbol, out string problem)
    {
        try
        {
            var prediction = JsonSerializer.Deserialize(json, Default.Prediction);
            problem = prediction is null ? "The document is null." : PredictionRules.FindProblem(prediction, symbol) ?? "";
            return problem.Length == 0 ? prediction : null;
        }
        catch (JsonException exception)
        {
            problem = exception.Message;
            return null;
        }
    }
}
