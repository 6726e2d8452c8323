using StackExchange.Redis;

namespace RedisResilience.Gateway.Connection;

/// <summary>The settings of the Redis client that the library requires, whatever the connection string says.</summary>
internal static class ClientSettings
{
    private static readonly TimeSpan TimeForLateReplies = TimeSpan.FromSeconds(2);
    private static readonly HashSet<string> Subscriptions = ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"];

    public static ConfigurationOptions Harden(ConfigurationOptions parsed, TimeSpan maximumDeadline, bool hasLocalTier = false)
    {
        var options = Copy(parsed);
        options.Defaults = new ClientDefaults(parsed.Defaults);
        CertificateReasons.Tell(options);

        // Commands fail at once while there is no connection: the default would hold each of them for seconds.
        options.BacklogPolicy = BacklogPolicy.FailFast;

        // The connection is made in the background, for as long as it takes.
        options.AbortOnConnectFail = false;

        // One that fails is followed by another one anyway, and no later.
        options.ConnectRetry = 1;

        // No call waits longer than our deadline. The client forgets a message a while later, and counts it against the connection: what a
        // server gave that was silent until then is heard of, and goes back.
        var forgetsAfter = maximumDeadline > TimeForLateReplies ? maximumDeadline : TimeForLateReplies;
        options.AsyncTimeout = options.SyncTimeout = (int)forgetsAfter.TotalMilliseconds;

        if (hasLocalTier)
        {
            TellOfChanges(options);
        }
        else if (NeedsNoSubscription(options))
        {
            // Without them the client opens one connection instead of two, and a free database allows 30.
            options.CommandMap = CommandMap.Create(Subscriptions, available: false);
            options.ConfigurationChannel = "";
            options.TieBreaker = "";
        }

        // The primary is looked up (SentinelDirectory), and connected to as any other server.
        options.ServiceName = null;
        return options;
    }

    /// <summary>
    /// A copy. Managed services are known to the client by their host names, and some of their ports mean TLS: that is settled before other
    /// defaults replace theirs.
    /// </summary>
    public static ConfigurationOptions Copy(ConfigurationOptions configuration)
    {
        var copy = configuration.Clone();
        copy.Ssl = configuration.Ssl;
        copy.Defaults = configuration.Defaults;
        return copy;
    }

    // News for the local tier comes over a second connection, and the client passes it on over RESP2 only. To ask for it is an
    // administrator's command
    // to the client.
    private static void TellOfChanges(ConfigurationOptions options)
    {
        options.Protocol = RedisProtocol.Resp2;
        options.AllowAdmin = true;
    }

    // Several endpoints elect their primary with them, unless they are sentinels, and a command map of the user's own is theirs.
    private static bool NeedsNoSubscription(ConfigurationOptions options) =>
        (!string.IsNullOrEmpty(options.ServiceName) || options.EndPoints.Count == 1)
            && ReferenceEquals(options.CommandMap, CommandMap.Default)
        && options.Proxy == Proxy.None;
}
