using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>An error as the server reports it, with its code and its labels.</summary>
internal sealed class WireException(int code, string name, string message, params string[] labels) : Exception(message)
{
    public int Code => code;

    public static WireException UnknownCommand(string command) => new(59, "CommandNotFound", $"no such command: '{command}'");

    public static WireException BadValue(string message) => new(2, "BadValue", message);

    public static WireException FailedToParse(string message) => new(9, "FailedToParse", message);

    public static WireException NotPrimary() =>
        new(10107, "NotWritablePrimary", "not primary", "RetryableWriteError", "ResumableChangeStreamError");

    public static WireException NotPrimaryNoSecondaryOk() => new(13435, "NotPrimaryNoSecondaryOk", "not primary and secondaryOk=false");

    public static WireException SteppedDown() =>
        new(11602, "InterruptedDueToReplStateChange", "operation was interrupted", "RetryableWriteError");

    public static WireException NoSuchCursor(long id) =>
        new(43, "CursorNotFound", $"cursor id {id} not found", "ResumableChangeStreamError");

    public static WireException HistoryLost() =>
        new(
            286,
            "ChangeStreamHistoryLost",
            "Resume of change stream was not possible, as the resume point may no longer be in the oplog.",
            "NonResumableChangeStreamError");

    public static WireException DuplicateKey() => new(11000, "DuplicateKey", "E11000 duplicate key error");

    public static WireException WriteConflict() =>
        new(112, "WriteConflict", "Write conflict during plan execution and yielding is disabled.", "TransientTransactionError");

    public static WireException NoSuchTransaction() =>
        new(251, "NoSuchTransaction", "Given transaction number does not match any in-progress transactions.", "TransientTransactionError");

    public BsonDocument ToReply()
    {
        var reply = new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", code }, { "codeName", name } };
        if (labels.Length > 0)
        {
            reply.Add("errorLabels", new BsonArray(labels));
        }

        return reply;
    }
}
