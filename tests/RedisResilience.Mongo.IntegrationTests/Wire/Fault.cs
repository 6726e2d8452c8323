namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What goes wrong.</summary>
internal enum Fault
{
    /// <summary>The connection is cut before the command is executed.</summary>
    CutBefore,

    /// <summary>The command is executed, and the connection cut instead of an answer.</summary>
    CutAfter,

    /// <summary>There is never an answer.</summary>
    Hang,

    /// <summary>The server says that it is not the primary.</summary>
    NotPrimary,

    /// <summary>The server says that the client may not do that.</summary>
    NotAuthorized,

    /// <summary>The command takes a while, and those of its kind are executed one after the other.</summary>
    Slow,
}
