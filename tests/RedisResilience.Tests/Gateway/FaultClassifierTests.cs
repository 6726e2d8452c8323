using System.Net.Sockets;
using System.Security.Authentication;
using RedisResilience.Gateway;
using StackExchange.Redis;

namespace RedisResilience.Tests.Gateway;

internal sealed class FaultClassifierTests
{
    // Every kind that the client knows stands here: one that a new client brings is missing, and the test says so.
    private static readonly Dictionary<RedisErrorKind, Fault> Expected = new()
    {
        [RedisErrorKind.Loading] = Fault.Loading,
        [RedisErrorKind.Busy] = Fault.Busy,
        [RedisErrorKind.ClusterDown] = Fault.ClusterDown,
        [RedisErrorKind.MasterDown] = Fault.ClusterDown,
        [RedisErrorKind.MaxClients] = Fault.TooManyClients,
        [RedisErrorKind.NoAuth] = Fault.AuthenticationFailed,
        [RedisErrorKind.WrongPass] = Fault.AuthenticationFailed,
        [RedisErrorKind.OutOfMemory] = Fault.OutOfMemory,
        [RedisErrorKind.ReadOnly] = Fault.ReadOnly,
        [RedisErrorKind.Misconfigured] = Fault.WritesDisabled,
        [RedisErrorKind.NoReplicas] = Fault.WritesDisabled,
        [RedisErrorKind.NoPermission] = Fault.NotPermitted,
        [RedisErrorKind.NotPermitted] = Fault.NotPermitted,
        [RedisErrorKind.WrongType] = Fault.WrongType,
        [RedisErrorKind.TryAgain] = Fault.SlotMoving,
        [RedisErrorKind.Moved] = Fault.SlotMoving,
        [RedisErrorKind.Ask] = Fault.SlotMoving,
        [RedisErrorKind.CrossSlot] = Fault.CrossSlot,
        [RedisErrorKind.ConnectionFault] = Fault.ConnectionLost,
        [RedisErrorKind.Timeout] = Fault.DeadlineExceeded,

        // Errors of one command that say nothing about the next one.
        [RedisErrorKind.None] = Fault.Other,
        [RedisErrorKind.Unknown] = Fault.Other,
        [RedisErrorKind.UnknownError] = Fault.Other,
        [RedisErrorKind.ExecAbort] = Fault.Other,
        [RedisErrorKind.NoScript] = Fault.Other,
        [RedisErrorKind.UnknownRedirectTarget] = Fault.Other,

        // What the client calls any plain ERR; see the test of its text.
        [RedisErrorKind.UnknownCommand] = Fault.Other,
    };

    [TestCaseSource(nameof(Kinds))]
    public void ServerError_IsClassifiedOnPurpose(RedisErrorKind kind)
    {
        Assert.That(Expected, Does.ContainKey(kind), "decide what this error means for the calls after it");
        Assert.That(FaultClassifier.Classify(new RedisServerException(kind, CommandFlags.None, "error")), Is.EqualTo(Expected[kind]));
    }

    [TestCase("ERR unknown command 'EVALSHA', with args beginning with:", Fault.UnknownCommand)]
    [TestCase("ERR value is not an integer or out of range", Fault.Other)]
    [TestCase("ERR Error running script: unknown command", Fault.Other)]
    public void PlainError_IsToldByItsText(string message, object fault) =>
        Assert.That(FaultClassifier.Classify(
            new RedisServerException(RedisErrorKind.UnknownCommand, CommandFlags.None, message)), Is.EqualTo(fault));

    [TestCase("NOPERM this user has no permissions to run the 'get' command", Fault.NotPermitted)]
    [TestCase("NOPERM No permissions to access a key", Fault.KeyNotPermitted)]
    [TestCase("NOPERM this user has no permissions to access one of the keys used as arguments", Fault.KeyNotPermitted)]
    public void Permission_IsOfTheCommandOrOfTheKey(string message, object fault) =>
        Assert.That(
            FaultClassifier.Classify(new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, message)), Is.EqualTo(fault));

    [TestCase(
        "ERR The user executing the script can't run this command or subcommand script: 6f2f, on @user_script:1.", Fault.NotPermitted)]
    [TestCase("ERR The user executing the script can't access at least one of the keys mentioned in the command script: "
        + "6f2f", Fault.KeyNotPermitted)]
    public void PermissionWithinAScript_IsOne(string message, object fault) =>
        Assert.That(FaultClassifier.Classify(
            new RedisServerException(RedisErrorKind.UnknownCommand, CommandFlags.None, message)), Is.EqualTo(fault));

    [TestCase("The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot", Fault.CertificateUntrusted)]
    [TestCase("The remote certificate is invalid because of errors in the certificate chain: PartialChain", Fault.CertificateUntrusted)]
    [TestCase("The remote certificate is invalid because of errors in the certificate chain: NotTimeValid, "
        + "UntrustedRoot", Fault.CertificateExpired)]
    [TestCase("… procedure: RemoteCertificateNameMismatch, RemoteCertificateChainErrors", Fault.CertificateOfAnotherHost)]
    [TestCase("The remote certificate was rejected by the provided RemoteCertificateValidationCallback.", Fault.CertificateRefused)]
    [TestCase("Cannot determine the frame size or a corrupted frame was received.", Fault.TlsFailed)]
    public void TlsHandshake_IsNoWrongPassword(string message, object fault) => Assert.That(
        FaultClassifier.Classify(
            Unable(Connection(ConnectionFailureType.AuthenticationFailure, new AuthenticationException(message)))), Is.EqualTo(fault));

    [TestCase("ERR unknown command 'ECHO', with args beginning with:", RedisErrorKind.UnknownCommand, Fault.HandshakeRefused)]
    [TestCase("NOPERM this user has no permissions to run the 'echo' command", RedisErrorKind.NoPermission, Fault.HandshakeRefused)]
    [TestCase("NOAUTH Authentication required.", RedisErrorKind.NoAuth, Fault.AuthenticationFailed)]
    public void Handshake_SaysWhyItWasRefused(string message, RedisErrorKind kind, object fault) => Assert.That(
        FaultClassifier.Classify(
        Unable(Connection(ConnectionFailureType.ProtocolFailure, new RedisServerException(kind, CommandFlags.None, message)))),
        Is.EqualTo(fault));

    [TestCaseSource(nameof(ClientErrors))]
    public void ClientError_TellsWhatHappened(Exception? exception, object fault) =>
        Assert.That(FaultClassifier.Classify(exception), Is.EqualTo(fault));

    private static RedisErrorKind[] Kinds() => Enum.GetValues<RedisErrorKind>();

    private static IEnumerable<TestCaseData> ClientErrors()
    {
        yield return Case(null, Fault.ConnectionReplaced, "a cancelled task has no exception");
        yield return Case(new OperationCanceledException(), Fault.ConnectionReplaced);
        yield return Case(new ObjectDisposedException("multiplexer"), Fault.ConnectionReplaced);
        yield return Case(new RedisTimeoutException(CommandFlags.None, "late", CommandStatus.Sent), Fault.DeadlineExceeded);
        yield return Case(new RedisCommandException("disabled"), Fault.UnknownCommand);
        yield return Case(new InvalidOperationException(), Fault.Other);
        yield return Case(new AggregateException(
            new RedisServerException(RedisErrorKind.Loading, CommandFlags.None, "LOADING")), Fault.Loading, "as tasks wrap it");
        yield return Case(Connection(ConnectionFailureType.UnableToConnect), Fault.ConnectionFailed);
        yield return Case(Connection(ConnectionFailureType.UnableToResolvePhysicalConnection), Fault.ConnectionFailed);
        yield return Case(Connection(ConnectionFailureType.AuthenticationFailure), Fault.AuthenticationFailed);
        yield return Case(Connection(ConnectionFailureType.Loading), Fault.Loading);
        yield return Case(Connection(ConnectionFailureType.SocketClosed), Fault.ConnectionLost);
        yield return Case(Connection(ConnectionFailureType.SocketFailure), Fault.ConnectionLost);
        yield return Case(Connection(ConnectionFailureType.ConnectionDisposed), Fault.ConnectionReplaced);
        yield return Case(
            Unable(new SocketException((int)SocketError.ConnectionRefused)), Fault.ConnectionRefused, "the reason stands inside");
        yield return Case(Unable(new SocketException((int)SocketError.HostNotFound)), Fault.HostNotFound);
        yield return Case(Unable(new SocketException((int)SocketError.TryAgain)), Fault.HostNotFound);
        yield return Case(Unable(new SocketException((int)SocketError.TimedOut)), Fault.ConnectionFailed);
        yield return Case(Unable(Connection(ConnectionFailureType.AuthenticationFailure)), Fault.AuthenticationFailed, "however deep");
        yield return Case(Unable(
            new IOException("", Unable(new SocketException((int)SocketError.ConnectionRefused)))), Fault.ConnectionRefused, "however deep");
    }

    private static TestCaseData Case(Exception? exception, Fault fault, string? description = null) =>
        new TestCaseData(exception, fault).SetArgDisplayNames(exception?.GetType().Name ?? "null", fault.ToString(), description ?? "");

    private static RedisConnectionException Unable(Exception inner) => Connection(ConnectionFailureType.UnableToConnect, inner);

    private static RedisConnectionException Connection(ConnectionFailureType type, Exception? inner = null) =>
        new(type, CommandFlags.None, "no connection", inner, CommandStatus.Unknown);
}
