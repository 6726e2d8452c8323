namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>The MongoDBs that the tests run on.</summary>
public enum MongoKind
{
    /// <summary>The tests' own server, by the wire protocol: everywhere.</summary>
    Wire,

    /// <summary>A real one: that of <c>MONGO_URL</c>, a replica set; else a <c>mongod</c> on PATH; else these tests are left out.</summary>
    Real,
}
