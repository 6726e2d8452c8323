using System.Text.Json;
using System.Text.Json.Serialization;

namespace Predictions.Forecasting;

/// <summary>Predictions as JSON, and back, refusing what is not one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Prediction))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class PredictionJson : JsonSerializerContext
{
    public static byte[] Write(Prediction prediction) => JsonSerializer.SerializeToUtf8Bytes(prediction, Default.Prediction);

    /// <summary>Reads a document about a symbol. Null, with the reason, when it is not one.</summary>
    public static Prediction? TryRead(ReadOnlySpan<byte> json, string symbol, out string problem)
    {
        problem = "";
        try
        {
            var prediction = JsonSerializer.Deserialize(json, Default.Prediction);
            if (prediction is null || prediction.Symbol != symbol)
            {
                problem = $"The document is not about {symbol}.";
                return null;
            }

            return prediction;
        }
        catch (JsonException exception)
        {
            problem = exception.Message;
            return null;
        }
    }
}
