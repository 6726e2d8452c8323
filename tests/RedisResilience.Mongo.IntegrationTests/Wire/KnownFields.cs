using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>What a command may have besides its own name. Anything else is refused, as by a real server.</summary>
internal static class KnownFields
{
    private static readonly HashSet<string> Everywhere =
    [
        "$db", "$readPreference", "$clusterTime", "lsid", "txnNumber", "autocommit", "startTransaction", "readConcern", "writeConcern",
        "maxTimeMS", "comment",
    ];

    private static readonly Dictionary<string, string[]> OfCommands = new()
    {
        ["find"] = ["filter", "projection", "limit", "batchSize", "singleBatch"],
        ["getMore"] = ["collection", "batchSize"],
        ["aggregate"] = ["pipeline", "cursor"],
        ["insert"] = ["documents", "ordered"],
        ["update"] = ["updates", "ordered"],
        ["delete"] = ["deletes", "ordered"],
        ["findAndModify"] = ["query", "update", "new", "upsert", "remove", "fields"],
        ["commitTransaction"] = ["recoveryToken"],
        ["abortTransaction"] = ["recoveryToken"],
    };

    public static void Check(string name, BsonDocument command, WireVersion version)
    {
        if (!version.IsReplicaSet && command.Contains("txnNumber"))
        {
            throw new WireException(20, "IllegalOperation", "Transaction numbers are only allowed on a replica set member or mongos");
        }

        if (OfCommands.TryGetValue(name, out var known) && command.Names.Skip(1).FirstOrDefault(
            field => !Everywhere.Contains(field) && !known.Contains(field)) is { } unknown)
        {
            // An old find has a parser of its own.
            throw version.Major < 5 && name == "find"
                ? WireException.FailedToParse($"Failed to parse: unknown field: {unknown}")
                : new WireException(40415, "Location40415", $"BSON field '{name}.{unknown}' is an unknown field.");
        }

        if (name == "aggregate" && !command.Contains("cursor"))
        {
            throw WireException.FailedToParse("The 'cursor' option is required, except for aggregate with the explain argument");
        }

        if (command.Contains("autocommit") && (command.Contains("writeConcern") && name is not ("commitTransaction" or "abortTransaction")))
        {
            throw new WireException(72, "InvalidOptions", "writeConcern is not allowed within a multi-statement transaction");
        }
    }
}
