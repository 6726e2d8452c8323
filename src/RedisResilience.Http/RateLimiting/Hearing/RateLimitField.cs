using RedisResilience.Http.Caching;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.RateLimiting.Hearing;

/// <summary>
/// What <c>RateLimit</c> says in its forms: a list of named quotas (draft 8 to 11: <c>"day";r=50;t=3600</c>, with the window in
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
            if (Number(parameters, "r") is { } remaining && (Number(parameters, "t") ?? Window(response, name)) is { } time)
            {
                strictest = new UpstreamWord(Count(remaining), Seconds(time)).Stricter(strictest);
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

        return Number(values, "remaining") is { } remaining && Number(values, "reset") is { } reset
            ? new UpstreamWord(Count(remaining), Seconds(reset))
            : null;
    }

    private static UpstreamWord? ReadThreeFields(HttpResponseMessage response) =>
        First(response, "RateLimit-Remaining") is { } remaining && First(response, "RateLimit-Reset") is { } reset
            ? new UpstreamWord(Count(remaining), Seconds(reset))
            : null;

    private static long? Window(HttpResponseMessage response, string name)
    {
        foreach (var (policy, parameters) in Items(string.Join(", ", response.Headers.Lines("RateLimit-Policy"))))
        {
            if (policy == name)
            {
                return Number(parameters, "w");
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

    private static long? First(HttpResponseMessage response, string name) =>
        DeltaSeconds.TryParse(FieldText.Trim(response.Headers.Lines(name).FirstOrDefault()), out var value)
            ? (long)value.TotalSeconds
            : null;

    private static long? Number(Dictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var text) && DeltaSeconds.TryParse(text, out var value) ? (long)value.TotalSeconds : null;

    private static int Count(long remaining) => (int)Math.Min(int.MaxValue, remaining);

    private static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(seconds);
}
