namespace Predictions.Startup;

/// <summary>The first lines of the output: where the sample is, what it runs on, and what to try.</summary>
internal static class Welcome
{
    /// <summary>The last of them.</summary>
    public const string End = "Ctrl+C ends it, and its Redis with it.";

    public static string Locate(string address) =>
        $"""
        Listening on {address}

        Open it in a browser: the page shows in a minute what this is about. {address.TrimEnd('/')}/redis is the dashboard.

        """;

    public static string Describe(string redis, string source) =>
        $"""
        Redis:  {redis}
        Source: {source}

        """;

    /// <param name="address">Where the sample listens.</param>
    /// <param name="permits">How many requests a client may make.</param>
    /// <param name="embeddedProcess">The process of the embedded server; null when there is none.</param>
    /// <param name="hasRedis">Whether there is a Redis at all.</param>
    public static string Suggest(string address, int permits, int? embeddedProcess, bool hasRedis)
    {
        var one = $"curl -sD- -o /dev/null {address}/predictions/MSFT";
        var twice = $"{one}; sleep 1; {one}";
        var status = """-s -o /dev/null -w '%{http_code}\n'""";
        var many = $"for i in $(seq {permits + 1}); do curl {status} {address}/predictions/IBM; done | sort | uniq -c";
        (string Title, string Command, string Expected)[] steps = embeddedProcess is { } process
            ?
            [
                ("A miss, then a hit", twice, "two times 200, with Cache-Status: ...fwd=miss and then ...hit"),
                ("Redis dies", $"kill {process}; {one}", "200 at once, with Cache-Status: ...detail=unavailable"),
                ("Redis is started again, empty", $"curl -s -X POST {address}/server/restart; {twice}",
                "its new process, then a miss and a hit again"),
                ($"More than {permits} requests", many, $"at most {permits} times 200, then 429"),
            ]
            : hasRedis
            ?
            [
                ("A miss, then a hit", twice, "two times 200, with Cache-Status: ...fwd=miss and then ...hit"),
                ($"More than {permits} requests", many, $"at most {permits} times 200, then 429"),
                ("Redis dies: stop yours, then", one,
                "200 at once, with Cache-Status: ...detail=unavailable; or a 429 that this process still knows of"),
            ]
            : [("Every answer comes from the source, and nobody is limited", twice, "two times 200, and no Cache-Status")];
        var lines = steps.Select((step, index) => $"  {index + 1}. {step.Title}\n     {step.Command}\n     Expect {step.Expected}.\n");
        return $"Or try, in another terminal and in this order:\n{string.Join('\n', lines)}\n{End}\n";
    }
}
