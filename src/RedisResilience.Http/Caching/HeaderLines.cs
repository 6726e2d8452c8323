using System.Net.Http.Headers;

namespace RedisResilience.Http.Caching;

/// <summary>Reads header fields without parsing them.</summary>
internal static class HeaderLines
{
    /// <summary>The lines of a field. None if there is no such field.</summary>
    public static IEnumerable<string?> Lines(this HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var lines) ? lines : [];

    /// <summary>The lines of a field of the response or of its content.</summary>
    public static IEnumerable<string?> Lines(this HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var lines)
            || response.Content.Headers.NonValidated.TryGetValues(name, out lines) ? lines : [];

    public static bool Has(this HttpHeaders headers, string name) => headers.NonValidated.Contains(name);

    /// <summary>All fields, line by line.</summary>
    public static IEnumerable<FieldLine> AllLines(this HttpResponseMessage response)
    {
        foreach (var (name, lines) in response.Headers.NonValidated)
        {
            foreach (var line in lines)
            {
                yield return new FieldLine(name, line);
            }
        }

        foreach (var (name, lines) in response.Content.Headers.NonValidated)
        {
            foreach (var line in lines)
            {
                yield return new FieldLine(name, line);
            }
        }
    }
}
