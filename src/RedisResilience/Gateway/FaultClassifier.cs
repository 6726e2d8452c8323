using System.Net.Sockets;
using System.Security.Authentication;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>Finds the fault in an exception of the Redis client. It lists every known error of the server explicitly.</summary>
internal static class FaultClassifier
{
    public static Fault Classify(Exception? exception) => exception switch
    {
        // A cancelled task carries no exception. The client cancels what it still holds when it is closed, and another one has taken its
        // place.
        null or ObjectDisposedException or OperationCanceledException => Fault.ConnectionReplaced,
        AggregateException aggregate => Classify(aggregate.InnerException),
        RedisServerException server => Classify(server),
        RedisTimeoutException => Fault.DeadlineExceeded,
        RedisConnectionException connection => Classify(connection),

        // Thrown by the client itself: for a command that the connection string disables, or that its server cannot take.
        RedisCommandException => Fault.UnknownCommand,
        _ => Fault.Other,
    };

    private static Fault Classify(RedisServerException exception) => exception.Kind switch
    {
        RedisErrorKind.Loading => Fault.Loading,
        RedisErrorKind.Busy => Fault.Busy,
        RedisErrorKind.ClusterDown when exception.Message.Contains("slot not served", StringComparison.OrdinalIgnoreCase) =>
            Fault.SlotNotServed,
        RedisErrorKind.ClusterDown or RedisErrorKind.MasterDown => Fault.ClusterDown,
        RedisErrorKind.MaxClients => Fault.TooManyClients,
        RedisErrorKind.NoAuth or RedisErrorKind.WrongPass => Fault.AuthenticationFailed,
        RedisErrorKind.OutOfMemory => Fault.OutOfMemory,
        RedisErrorKind.ReadOnly => Fault.ReadOnly,
        RedisErrorKind.Misconfigured or RedisErrorKind.NoReplicas => Fault.WritesDisabled,
        // The client follows MOVED and ASK by itself; one that comes this far has led in a circle.
        RedisErrorKind.TryAgain or RedisErrorKind.Moved or RedisErrorKind.Ask => Fault.SlotMoving,
        RedisErrorKind.CrossSlot => Fault.CrossSlot,
        _ when IsOfPermission(exception) =>
            exception.Message.Contains(" key", StringComparison.Ordinal) ? Fault.KeyNotPermitted : Fault.NotPermitted,
        RedisErrorKind.WrongType => Fault.WrongType,
        // The client gives this kind to every plain ERR.
        RedisErrorKind.UnknownCommand when exception.Message.StartsWith("ERR unknown command", StringComparison.OrdinalIgnoreCase) =>
            Fault.UnknownCommand,
        RedisErrorKind.ConnectionFault => Fault.ConnectionLost,
        RedisErrorKind.Timeout => Fault.DeadlineExceeded,
        _ => Fault.Other,
    };

    // A script that runs what its user may not run is told so in another way.
    private static bool IsOfPermission(RedisServerException exception) =>
        exception.Kind is RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted
        || exception.Message.Contains("user executing the script", StringComparison.Ordinal);

    // The outermost exception says only that there is no connection; the reason stands further in.
    private static Fault Classify(RedisConnectionException exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            var fault = cause switch
            {
                RedisConnectionException { InnerException: AuthenticationException tls } => TlsFaults.Classify(tls),
                RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Fault.AuthenticationFailed,
                RedisConnectionException { FailureType: ConnectionFailureType.Loading } => Fault.Loading,
                RedisConnectionException { FailureType: ConnectionFailureType.ConnectionDisposed } => Fault.ConnectionReplaced,
                RedisConnectionException { InnerException: RedisServerException refusal } => ClassifyHandshake(refusal),
                RedisConnectionException { InnerException: IOException broken } when TlsFaults.IsOfClientCertificate(broken) =>
                    Fault.ClientCertificateRefused,
                RedisConnectionException { FailureType: ConnectionFailureType.SocketClosed or ConnectionFailureType.SocketFailure } =>
                    Fault.ConnectionLost,
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Fault.ConnectionRefused,
                SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                    Fault.HostNotFound,
                _ => Fault.None,
            };
            if (fault != Fault.None)
            {
                return fault;
            }
        }

        return Fault.ConnectionFailed;
    }

    // What the server has said to the client's first commands. One of them is ECHO, by which the client knows that the server has read the
    // others.
    private static Fault ClassifyHandshake(RedisServerException refusal) =>
        refusal.Message.Contains("echo", StringComparison.OrdinalIgnoreCase) ? Fault.HandshakeRefused
        : Classify(refusal) is var fault && !fault.IsRefusal() ? fault
        : Fault.None;
}
