using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>The documents of a collection by their id. A document in it is never changed, only replaced.</summary>
internal sealed class WireCollection
{
    public Dictionary<BsonValue, BsonDocument> Documents { get; } = [];

    /// <summary>When each document was last written.</summary>
    public Dictionary<BsonValue, long> Written { get; } = [];

    public List<string> UniqueFields { get; } = [];

    public bool KeepsPreImages { get; set; }
}
