namespace RedisResilience.Gateway;

/// <summary>Why a call has no answer.</summary>
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
    GatewayDisposed,

    // The server lets nobody in, or serves nobody at present.
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
    SlotNotServed,
    SlotMoving,
    CrossSlot,
    WrongType,
    UnknownCommand,
    UnexpectedReply,
    Other,
}
