namespace RedisResilience.Gateway;

/// <summary>The reasons why a call has no answer. <see cref="FaultTable"/> says what each of them means.</summary>
internal enum Fault
{
    None = 0,

    // The call was not sent.
    CircuitOpen,
    TooManyCalls,
    RequestTimeSpent,

    // Nothing came back.
    DeadlineExceeded,
    ConnectionRefused,
    HostNotFound,
    ConnectionFailed,
    ConnectionLost,
    ConnectionReplaced,
    GatewayDisposed,
    ConnectionNotMade,

    // The two sides do not agree on TLS.
    CertificateUntrusted,
    CertificateOfAnotherHost,
    CertificateExpired,
    CertificateRefused,
    ClientCertificateRefused,
    TlsFailed,

    // The sentinels do not say who the primary is.
    SentinelsAway,
    SentinelAuthenticationFailed,
    PrimaryUnknown,

    // The server lets nobody in, or serves nobody at present.
    HandshakeRefused,
    AuthenticationFailed,
    TooManyClients,
    Loading,
    Busy,
    ClusterDown,

    // The server refused this one command.
    OutOfMemory,
    ReadOnly,
    WritesDisabled,
    NotPermitted,
    KeyNotPermitted,
    SlotNotServed,
    SlotMoving,
    CrossSlot,
    WrongType,
    UnknownCommand,
    UnexpectedReply,
    Other,
}
