using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Health;

namespace RedisResilience.Gateway;

/// <summary>Writes the gateway's changes of state to the log, each one once.</summary>
internal sealed class GatewayJournal(ILogger logger, Func<ServerIdentity> server)
{
    private readonly ConcurrentDictionary<string, bool> _refusals = new(StringComparer.Ordinal);

    /// <summary>Which Redis it is about.</summary>
    public ServerIdentity Server => server();

    public void Available(CommandDeadline deadline)
    {
        // What was refused before the outage is news again after it.
        _refusals.Clear();
        var roundTrip = deadline.RoundTrip?.TotalMilliseconds ?? 0;
        Write(() =>
        {
            if (deadline.IsFar)
            {
                Log.AvailableButFar(logger, Server.Description, roundTrip, deadline.Current.TotalMilliseconds);
            }
            else
            {
                Log.Available(logger, Server.Description, roundTrip);
            }
        });
    }

    public void Unavailable(Fault reason) => Write(() => Log.Unavailable(logger, Server.Description, reason.Describe()));

    public void ShardAvailable(string slots) => Write(() => Log.ShardAvailable(logger, slots));

    public void ShardUnavailable(string slots, Fault reason) => Write(() => Log.ShardUnavailable(logger, slots, reason.Describe()));

    /// <summary>Logs each refusal once between two outages.</summary>
    public void Refused(string reason)
    {
        if (_refusals.TryAdd(reason, true))
        {
            Write(() => Log.Refused(logger, Server.Description, reason));
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "This runs on the pool, where a log that fails must not end the process.")]
    private static void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // There is nowhere left to tell it.
        }
    }
}
