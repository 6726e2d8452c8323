namespace RedisResilience.IntegrationTests.Sample;

/// <summary>Header fields by their names on the wire.</summary>
internal static class HttpResponseExtensions
{
    /// <summary>The field's only value; null when it is not there.</summary>
    public static string? Field(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
            || response.Content.Headers.TryGetValues(name, out values) ? values.Single() : null;
}
