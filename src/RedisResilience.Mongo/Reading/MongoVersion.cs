namespace RedisResilience.Mongo.Reading;

/// <summary>The version of the MongoDB server, for features that only newer ones have.</summary>
internal static class MongoVersion
{
    private static readonly BsonDocument BuildInfo = new("buildInfo", 1);

    public static async Task<Version> ReadAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var info = await database.RunCommandAsync<BsonDocument>(BuildInfo, cancellationToken: cancellationToken).ConfigureAwait(false);
        var numbers = info["versionArray"].AsBsonArray;
        return new Version(numbers[0].ToInt32(), numbers[1].ToInt32(), numbers[2].ToInt32());
    }
}
