using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>Finds settings of a shared connection that can slow down or break calls, and says how.</summary>
internal static class SharedSettings
{
    private static readonly TimeSpan LongestHeartbeat = TimeSpan.FromMilliseconds(250);

    public static IReadOnlyList<string> FindBreaches(IConnectionMultiplexer multiplexer)
    {
        if (ClientInternals.ConfigurationOf(multiplexer) is not { } settings)
        {
            return ["its settings cannot be read, so that nobody knows whether it holds commands back"];
        }

        var breaches = new List<string>();
        if (settings.BacklogPolicy.QueueWhileDisconnected)
        {
            breaches.Add("BacklogPolicy queues commands while there is no connection, so that some run long after their callers have "
                + "gone on: set BacklogPolicy.FailFast");
        }

        if (settings.AbortOnConnectFail)
        {
            breaches.Add("AbortOnConnectFail lets the first connection fail for good: set it to false");
        }

        if (settings.HeartbeatInterval > LongestHeartbeat)
        {
            breaches.Add($"HeartbeatInterval of {settings.HeartbeatInterval.TotalMilliseconds:0} ms makes the return after an outage "
                + "that much later: set 100 ms");
        }

        if (settings.IncludeDetailInExceptions)
        {
            breaches.Add("IncludeDetailInExceptions puts keys into the texts of exceptions: set it to false");
        }

        return breaches;
    }
}
