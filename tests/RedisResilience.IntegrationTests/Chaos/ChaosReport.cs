namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>What the load of one process has seen.</summary>
internal sealed record ChaosReport
{
    public required long Operations { get; init; }

    /// <summary>Exceptions that reached a caller.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The calls that took longer than a deadline: when, how long, and which.</summary>
    public required IReadOnlyList<string> LateCalls { get; init; }

    public required ChaosTimeSpans Undetected { get; init; }

    public required ChaosTimeSpans Detected { get; init; }

    public required ChaosTimeSpans Recovered { get; init; }

    /// <summary>How late the machine itself was, at its worst.</summary>
    public required double MachineLongest { get; init; }

    public required long Admitted { get; init; }

    public required long Leased { get; init; }

    public required long TooManyHolders { get; init; }

    /// <summary>Permits that callers were given, of each kind of limit that gives none without Redis.</summary>
    public required IReadOnlyList<long> Given { get; init; }

    /// <summary>Calls of those limits of which nobody has heard what came of them.</summary>
    public required IReadOnlyList<long> Unanswered { get; init; }

    /// <summary>Calls of somebody else's API under a scarce limit.</summary>
    public required long ApiCalls { get; init; }

    /// <summary>Calls of it by a node that had been told not to call.</summary>
    public required long ApiCallsWhileClosed { get; init; }

    public required long StaleReads { get; init; }

    public required long SourceCalls { get; init; }

    /// <summary>How many loads of the source were under way at once, on each node at the most.</summary>
    public required int SourceCallsAtOnce { get; init; }

    /// <summary>Two processes' together: sums of what is counted, and the worse of what is measured.</summary>
    public ChaosReport With(ChaosReport other) => new()
    {
        Operations = Operations + other.Operations,
        Failures = [.. Failures, .. other.Failures],
        LateCalls = [.. LateCalls, .. other.LateCalls],
        Undetected = Undetected.OrWorse(other.Undetected),
        Detected = Detected.OrWorse(other.Detected),
        Recovered = Recovered.OrWorse(other.Recovered),
        MachineLongest = Math.Max(MachineLongest, other.MachineLongest),
        Admitted = Admitted + other.Admitted,
        Leased = Leased + other.Leased,
        TooManyHolders = TooManyHolders + other.TooManyHolders,
        Given = [.. Given.Zip(other.Given, static (one, another) => one + another)],
        Unanswered = [.. Unanswered.Zip(other.Unanswered, static (one, another) => one + another)],
        ApiCalls = ApiCalls + other.ApiCalls,
        ApiCallsWhileClosed = ApiCallsWhileClosed + other.ApiCallsWhileClosed,
        StaleReads = StaleReads + other.StaleReads,
        SourceCalls = SourceCalls + other.SourceCalls,
        SourceCallsAtOnce = Math.Max(SourceCallsAtOnce, other.SourceCallsAtOnce),
    };
}
