namespace RedisResilience.Tests.AspNetCore;

internal static class Headers
{
    /// <summary>A field's value as sent, or null.</summary>
    public static string? Field(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;
}
