using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>How a member answers a driver that says hello.</summary>
internal static class WireHello
{
    public static BsonDocument Of(WireVersion version, WireRole role, string me, string? primary, IReadOnlyList<string> hosts)
    {
        var isPrimary = role.IsPrimary || role.IsFormer;
        var hello = new BsonDocument
        {
            { "helloOk", true }, { "isWritablePrimary", isPrimary }, { "ismaster", isPrimary },
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", 48_000_000 }, { "maxWriteBatchSize", 100_000 },
            { "localTime", new BsonDateTime(TimeProvider.System.GetUtcNow().UtcDateTime) },
            { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", 1 }, { "minWireVersion", 0 },
            { "maxWireVersion", version.MaximumWireVersion }, { "readOnly", false },
        };
        if (!version.IsReplicaSet)
        {
            return hello;
        }

        hello.AddRange(new BsonDocument
        {
            { "setName", "wire" }, { "setVersion", 1 }, { "secondary", !isPrimary }, { "hosts", new BsonArray(hosts) }, { "me", me },
        });
        if (primary is not null)
        {
            hello.Add("primary", primary);
        }

        if (isPrimary)
        {
            hello.Add("electionId", new ObjectId($"7fffffff0000000000{role.Term:x6}"));
        }

        return hello;
    }
}
