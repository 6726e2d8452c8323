namespace RedisResilience.Gateway.Health;

/// <summary>
/// The commands that the server refuses. The log reports each once, and the health check reports them until a minute after the last
/// refusal.
/// </summary>
internal sealed class Refusals(GatewayJournal journal, string keyPrefix, TimeProvider timeProvider)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    // The two patterns of all keys: those that begin with the prefix, and those beside them, whose hash tag does.
    private readonly string _patterns = $"~{keyPrefix}* and ~{{{keyPrefix}*";
    private Refusal? _latest;

    /// <summary>The latest one, in words. Null when it is long ago.</summary>
    public string? Current =>
        Volatile.Read(ref _latest) is { } latest && timeProvider.GetElapsedTime(latest.At) < Memory ? latest.Reason : null;

    public void Record(Fault fault, string? command)
    {
        var reason = fault.Describe(command, _patterns);
        Volatile.Write(ref _latest, new Refusal(reason, timeProvider.GetTimestamp()));
        journal.Refused(reason);
    }

    private sealed record Refusal(string Reason, long At);
}
