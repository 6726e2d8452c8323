namespace RedisResilience.Gateway;

/// <summary>What a fault means for the calls after it, and how it is told to people.</summary>
internal static class FaultTraits
{
    /// <summary>Redis has certainly not seen the call: it may be made again.</summary>
    public static bool WasNotSent(this Fault fault) => fault is Fault.CircuitOpen or Fault.TooManyCalls or Fault.RequestTimeSpent;

    /// <summary>No call can succeed until the server itself changes, so there is no point in sending any.</summary>
    public static bool ConcernsWholeServer(this Fault fault) => fault is
        Fault.ConnectionRefused or Fault.HostNotFound or Fault.ConnectionFailed or Fault.ConnectionLost or
        Fault.AuthenticationFailed or Fault.TooManyClients or Fault.Loading or Fault.Busy or Fault.ClusterDown;

    /// <summary>In a cluster this may be the matter of one server, while the others serve on.</summary>
    public static bool ConcernsOneOfSeveral(this Fault fault) => fault.IsConnectionFault() || fault is Fault.Loading or Fault.Busy or Fault.TooManyClients;

    /// <summary>There is no connection, or none to the endpoint that was asked.</summary>
    public static bool IsConnectionFault(this Fault fault) => fault is
        Fault.ConnectionRefused or Fault.HostNotFound or Fault.ConnectionFailed or Fault.ConnectionLost;

    /// <summary>The server is there and refused this command: worth one log line, and no reason to stop calling.</summary>
    public static bool IsRefusal(this Fault fault) => fault >= Fault.OutOfMemory;

    public static string Describe(this Fault fault) => fault switch
    {
        Fault.CircuitOpen => "the circuit is open",
        Fault.TooManyCalls => "too much is waiting for an answer",
        Fault.RequestTimeSpent => "the request has used up its time for Redis",
        Fault.DeadlineExceeded => "no answer within the command deadline",
        Fault.ConnectionRefused => "connection refused",
        Fault.HostNotFound => "the host name does not resolve",
        Fault.ConnectionFailed => "unable to connect",
        Fault.ConnectionLost => "connection lost",
        Fault.GatewayDisposed => "the connection was closed by this application",
        Fault.AuthenticationFailed => "authentication failed: the user name or the password is wrong or missing",
        Fault.TooManyClients => "the server has reached its maximum number of clients",
        Fault.Loading => "the server is loading its data",
        Fault.Busy => "the server is busy with a script",
        Fault.ClusterDown => "the cluster is down",
        Fault.OutOfMemory => "the server is out of memory",
        Fault.ReadOnly => "the server is a read-only replica",
        Fault.WritesDisabled => "the server has disabled writes",
        Fault.SlotNotServed => "the cluster does not serve the slot of this key",
        Fault.SlotMoving => "the slot of these keys is on its way to another server",
        Fault.CrossSlot => "the keys of one command belong to different slots of the cluster",
        Fault.NotPermitted => "the user may not run this command or use this key",
        Fault.WrongType => "the key holds another type of value",
        Fault.UnknownCommand => "the command is not available on this server",
        Fault.UnexpectedReply => "the reply has another shape than expected",
        _ => "the server answered with an error",
    };
}
