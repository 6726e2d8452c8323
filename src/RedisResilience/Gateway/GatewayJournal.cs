using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Health;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>Writes the gateway's changes of state to the log, each one once.</summary>
internal sealed class GatewayJournal(ILogger logger, EndPointCollection endPoints)
{
    private readonly string _endpoints = string.Join(", ", endPoints.Select(Format));
    private int _refusals;

    public void Available(CommandDeadline deadline)
    {
        // What was refused before the outage is news again after it.
        Interlocked.Exchange(ref _refusals, 0);
        var roundTrip = deadline.RoundTrip?.TotalMilliseconds ?? 0;
        Write(() =>
        {
            if (deadline.IsFar)
            {
                Log.AvailableButFar(logger, _endpoints, roundTrip, deadline.Current.TotalMilliseconds);
            }
            else
            {
                Log.Available(logger, _endpoints, roundTrip);
            }
        });
    }

    public void Unavailable(Fault reason) => Write(() => Log.Unavailable(logger, _endpoints, reason.Describe()));

    public void ShardAvailable(string slots) => Write(() => Log.ShardAvailable(logger, slots));

    public void ShardUnavailable(string slots, Fault reason) => Write(() => Log.ShardUnavailable(logger, slots, reason.Describe()));

    /// <summary>Logs each kind of refusal once between two outages.</summary>
    public void Refused(Fault fault)
    {
        var kind = 1 << (int)fault;
        if ((Interlocked.Or(ref _refusals, kind) & kind) == 0)
        {
            Write(() => Log.Refused(logger, _endpoints, fault.Describe()));
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "This runs where replies and deadlines end, on the pool: a log that fails must not take a call or the process with it.")]
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

    private static string Format(System.Net.EndPoint endPoint) => EndPointCollection.ToString(endPoint);
}
