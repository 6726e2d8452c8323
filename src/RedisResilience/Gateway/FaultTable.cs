using static RedisResilience.Gateway.FaultRemedy;
using static RedisResilience.Gateway.FaultScope;

namespace RedisResilience.Gateway;

/// <summary>
/// One row for each fault: what it means for the call, the circuit, the shard and the connection, and what the log and the health check
/// say. Metrics and spans have the fault's name.
/// </summary>
internal static class FaultTable
{
    private const bool Sent = true;
    private const bool Unsent = false;

    private static readonly Row[] Rows = [.. Enum.GetValues<Fault>().Select(RowOf)];
    private static readonly string[] Names = Enum.GetNames<Fault>();

    /// <summary>Whether Redis has certainly not seen the call, so that it may be made again.</summary>
    public static bool WasNotSent(this Fault fault) => !Rows[(int)fault].WasSent;

    /// <summary>Whether the call may have had its effect, or has had it. What was refused has not run, whether the command was refused or
    /// the client; what nobody understands may have.</summary>
    public static bool MayHaveRun(this Fault fault) => !fault.WasNotSent()
        && (fault.Scope() is Nobody or Silence or Network || fault is Fault.UnexpectedReply or Fault.Other);

    public static FaultScope Scope(this Fault fault) => Rows[(int)fault].Scope;

    public static FaultRemedy Remedy(this Fault fault) => Rows[(int)fault].Remedy;

    /// <summary>The reason as text for people, in the log and in the health check.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="command">The affected command, if it is known.</param>
    /// <param name="keyPatterns">The patterns of all keys, as an ACL has them, if they are known.</param>
    public static string Describe(this Fault fault, string? command = null, string? keyPatterns = null) => Rows[(int)fault].Reason
        .Replace("{0}", command ?? "this command", StringComparison.Ordinal)
        .Replace("{1}", keyPatterns ?? "the patterns of the application's keys", StringComparison.Ordinal);

    /// <summary>The reason as metrics and spans have it.</summary>
    public static string Name(this Fault fault) => Names[(int)fault];

    /// <summary>
    /// The word with which the server's error begins. Null where it is no error of the server's, or may be one of several.
    /// </summary>
    public static string? StatusCode(this Fault fault) => Rows[(int)fault].StatusCode;

    /// <summary>The server is there, and has refused this one command.</summary>
    public static bool IsRefusal(this Fault fault) => fault.Scope() == FaultScope.Command;

    /// <summary>Whether the fault may affect only one server of a cluster.</summary>
    public static bool ConcernsOneOfSeveral(this Fault fault) => fault.Scope() is FaultScope.Network or FaultScope.Server;

#pragma warning disable CS8524 // A number that has no name is no fault. That each name has a row is the compiler's business.
    private static Row RowOf(Fault fault) => fault switch
    {
        Fault.None => new(Sent, Nobody, Wait, "answered"),

        Fault.CircuitOpen => new(Unsent, Nobody, Wait, "the circuit is open"),
        Fault.TooManyCalls => new(Unsent, Nobody, Wait, "too much is waiting for an answer"),
        Fault.RequestTimeSpent => new(Unsent, Nobody, Wait, "the request has used up its time for Redis"),

        Fault.DeadlineExceeded => new(Sent, Silence, Reconnect, "no answer within the command deadline"),
        Fault.ConnectionRefused => new(Sent, Network, Reconnect, "connection refused"),
        Fault.HostNotFound => new(Sent, Network, Reconnect, "the host name does not resolve"),
        Fault.ConnectionFailed => new(Sent, Network, Reconnect, "unable to connect"),
        Fault.ConnectionLost => new(Sent, Network, Reconnect, "connection lost"),
        Fault.ConnectionReplaced => new(Sent, Nobody, Wait, "the connection was closed while the call waited"),
        Fault.GatewayDisposed => new(Sent, Nobody, Wait, "the connection was closed by this application"),
        Fault.ConnectionNotMade =>
            new(Sent, Network, Reconnect, "the application's code that makes or configures the connection has failed"),

        Fault.CertificateUntrusted =>
            new(Sent, Network, Reconnect, "the server's TLS certificate is not trusted: no known authority has issued it"),
        Fault.CertificateOfAnotherHost => new(Sent, Network, Reconnect, "the server's TLS certificate is that of another host name"),
        Fault.CertificateExpired => new(Sent, Network, Reconnect, "the server's TLS certificate has expired, or is not valid yet"),
        Fault.CertificateRefused => new(Sent, Network, Reconnect, "the server's TLS certificate was refused"),
        Fault.ClientCertificateRefused =>
            new(Sent, Network, Reconnect, "the server asks for a TLS certificate of this client, or refuses the one it has"),
        Fault.TlsFailed => new(Sent, Network, Reconnect, "the TLS handshake failed"),

        Fault.SentinelsAway => new(Sent, Network, Reconnect, "no sentinel answers"),
        Fault.SentinelAuthenticationFailed =>
            new(Sent, Network, Reconnect, "the sentinels want another user name or password (sentinelUser, sentinelPassword)"),
        Fault.PrimaryUnknown => new(Sent, Network, Reconnect, "the sentinels know no primary by this service name"),

        Fault.HandshakeRefused =>
            new(Sent, Everybody, Wait, "the server refuses ECHO, which the client needs to connect: it is disabled or not permitted"),
        Fault.AuthenticationFailed =>
            new(Sent, Everybody, LogInAnew, "authentication failed: the user name or the password is wrong or missing"),
        Fault.TooManyClients => new(Sent, Server, Wait, "the server has reached its maximum number of clients", "ERR"),
        Fault.Loading => new(Sent, Server, Wait, "the server is loading its data", "LOADING"),
        Fault.Busy => new(Sent, Server, Wait, "the server is busy with a script", "BUSY"),
        Fault.ClusterDown => new(Sent, Everybody, Wait, "the cluster is down"),

        Fault.OutOfMemory => new(Sent, Command, Wait, "the server is out of memory", "OOM"),
        Fault.ReadOnly => new(Sent, Command, FindPrimary, "the server is a read-only replica", "READONLY"),
        Fault.WritesDisabled => new(Sent, Command, Wait, "the server has disabled writes"),
        Fault.NotPermitted => new(Sent, Command, Wait, "the user may not run {0}", "NOPERM"),
        Fault.KeyNotPermitted => new(Sent, Command, Wait, "the user may not use a key of {0}: it needs {1}", "NOPERM"),
        Fault.SlotNotServed => new(Sent, Command, Wait, "the cluster does not serve the slot of this key", "CLUSTERDOWN"),
        Fault.SlotMoving => new(Sent, Command, Wait, "the slot of these keys is on its way to another server"),
        Fault.CrossSlot => new(Sent, Command, Wait, "the keys of one command belong to different slots of the cluster", "CROSSSLOT"),
        Fault.WrongType => new(Sent, Command, Wait, "the key holds another type of value", "WRONGTYPE"),
        Fault.UnknownCommand => new(Sent, Command, Wait, "the command is not available on this server"),
        Fault.UnexpectedReply => new(Sent, Command, Wait, "the reply has another shape than expected"),
        Fault.Other => new(Sent, Command, Wait, "the server answered with an error"),
    };
#pragma warning restore CS8524

    private readonly record struct Row(bool WasSent, FaultScope Scope, FaultRemedy Remedy, string Reason, string? StatusCode = null);
}
