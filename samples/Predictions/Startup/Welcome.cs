namespace Predictions.Startup;

/// <summary>The first lines of the output: what the sample runs on, and what to try.</summary>
internal static class Welcome
{
    public static string Describe(string redis, string source) =>
        $"""
        Redis:  {redis}
        Source: {source}
        """;

    public static string Suggest(string address, int permits, int? redisProcess)
    {
        var outage = redisProcess is { } process
            ? $"kill {process}; curl -i {address}/predictions/AAPL"
            : $"curl -i {address}/predictions/AAPL    (after stopping your Redis; without one, every answer comes from the source)";
        return $$"""
            Listening on {{address}}

            Try, in another terminal:
              A miss, then a hit:          curl -i {{address}}/predictions/AAPL; echo; curl -i {{address}}/predictions/AAPL
              What happens when Redis dies: {{outage}}
              A 429 after {{permits}} requests:    for i in $(seq {{permits + 1}}); do curl -s -o /dev/null -w '%{http_code}\n' {{address}}/predictions/IBM; done | sort | uniq -c

            """;
    }
}
