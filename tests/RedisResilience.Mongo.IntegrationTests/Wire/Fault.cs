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
}
