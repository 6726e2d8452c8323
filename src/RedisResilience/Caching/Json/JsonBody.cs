using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RedisResilience.Diagnostics;

namespace RedisResilience.Caching.Json;

/// <summary>Reads values from bodies.</summary>
internal static class JsonBody
{
    /// <summary>
    /// Reads a value and gives the body back. False for a miss, and for a body that is not such a value, which is counted.
    /// </summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A type's own converters and constructors "
        + "may throw what they like at an entry of another version: it is no reason to fail the caller.")]
    public static bool TryRead<T>(in CachedResponse response, JsonTypeInfo<T> typeInfo, out T? value)
    {
        value = default;
        if (!response.HasBody)
        {
            return false;
        }

        using var decoded = response.Decode();
        try
        {
            if (decoded.HasBody)
            {
                value = JsonSerializer.Deserialize(decoded.Body.Span, typeInfo);
                return true;
            }
        }
        catch (Exception)
        {
            // Counted below.
        }

        ResilienceMetrics.RecordUnreadable("other_schema");
        return false;
    }
}
