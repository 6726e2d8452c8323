using RedisResilience.Http.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>
/// Reads the <c>RateLimit</c> field in its forms: a list of named quotas (draft 8 to 11: <c>"day";r=50;t=3600</c>, with the window in
/// <c>RateLimit-Policy</c> where the time is missing), a dictionary (draft 7: <c>remaining=50, reset=30</c>), and three fields (drafts
/// before: <c>RateLimit-Remaining</c>, <c>RateLimit-Reset</c>).
/// </summary>
internal static class RateLimitField
{
    public static UpstreamWord? Read(HttpResponseMessage response)
    {
        var field = string.Join(", ", response.Headers.Lines("RateLimit"));
        return ReadList(field, response) ?? ReadDictionary(field) ?? ReadThreeFields(response);
    }

    private static UpstreamWord? ReadList(string field, HttpResponseMessage response)
    {
        UpstreamWord? strictest = null;
        foreach (var (name, parameters) in Items(field))
        {
            if (UpstreamWord.Count(parameters.GetValueOrDefault("r")) is { } remaining
                && (Seconds(parameters, "t") ?? Window(response, name)) is { } time)
            {
                strictest = new UpstreamWord(remaining, time).Stricter(strictest);
            }
        }

        return strictest;
    }

    private static UpstreamWord? ReadDictionary(string field)
    {
        var reader = new StructuredReader(field);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadKey(out var key) || !reader.TryReadMember(out var type, out var value) || !reader.TryReadSeparator())
            {
                return null;
            }

            if (type == StructuredType.Integer)
            {
                values[key] = value;
            }
        }

        return UpstreamWord.Count(values.GetValueOrDefault("remaining")) is { } remaining && Seconds(values, "reset") is { } reset
            ? new UpstreamWord(remaining, reset)
            : null;
    }

    private static UpstreamWord? ReadThreeFields(HttpResponseMessage response) =>
        UpstreamWord.Count(First(response, "RateLimit-Remaining")) is { } remaining
            && DeltaSeconds.TryParse(First(response, "RateLimit-Reset"), out var reset)
                ? new UpstreamWord(remaining, reset)
                : null;

    private static TimeSpan? Window(HttpResponseMessage response, string name)
    {
        foreach (var (policy, parameters) in Items(string.Join(", ", response.Headers.Lines("RateLimit-Policy"))))
        {
            if (policy == name)
            {
                return Seconds(parameters, "w");
            }
        }

        return null;
    }

    // A list that breaks the rules is as if it were not there.
    private static List<(string Name, Dictionary<string, string> Parameters)> Items(string field)
    {
        var reader = new StructuredReader(field);
        var items = new List<(string, Dictionary<string, string>)>();
        while (!reader.IsAtEnd)
        {
            var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
            if (!reader.TryReadItem(out var type, out var name) || type is not (StructuredType.String or StructuredType.Token)
                || !reader.TryReadParameters((key, kind, value) => parameters[key] = kind == StructuredType.Integer ? value : "")
                    || !reader.TryReadSeparator())
            {
                return [];
            }

            items.Add((name, parameters));
        }

        return items;
    }

    private static ReadOnlySpan<char> First(HttpResponseMessage response, string name) =>
        FieldText.Trim(response.Headers.Lines(name).FirstOrDefault());

    private static TimeSpan? Seconds(Dictionary<string, string> values, string name) =>
        DeltaSeconds.TryParse(values.GetValueOrDefault(name), out var time) ? time : null;
}
