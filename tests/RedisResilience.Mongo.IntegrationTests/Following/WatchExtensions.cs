using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>What tests of the watcher wait for.</summary>
internal static class WatchExtensions
{
    /// <summary>Until somebody watches, and this process knows it.</summary>
    public static async Task UntilWatchedAsync(this Deployment deployment)
    {
        await Until.TrueAsync(() => deployment.HasAsync("watched"), "Nobody watches.");
        await Until.TrueAsync(() => deployment.HasAsync("resume"), "No token is saved.");
    }

    public static async Task<bool> HasAsync(this Deployment deployment, string what) => await deployment.ReadAsync(what) is not null;

    /// <summary>What stands in Redis beside the entries.</summary>
    public static async Task<string?> ReadAsync(this Deployment deployment, string what)
    {
        using var entry = await deployment.Cache.GetAsync($"changestream:{deployment.Name}:{what}");
        return entry.HasBody ? Convert.ToHexString(entry.Body.Span) : null;
    }

    public static Task UntilAsync(this IMongoDocumentStore store, string id, string? text) =>
        Until.TrueAsync(async () => await store.TextAsync(id) == text, $"The entry stays as it was, and not {text ?? "gone"}.");

    /// <summary>Until the store reads of every document what MongoDB holds; fails when one stays another.</summary>
    public static async Task UntilAllAgreeAsync(this IMongoDocumentStore store, IMongoCollection<BsonDocument> documents, int count = 0)
    {
        var truth = (await documents.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync()).ToDictionary(
            document => document["_id"].AsString, document => document["v"].ToInt32());
        foreach (var id in truth.Keys.Concat(Enumerable.Range(0, count).Select(i => $"{i}")).Distinct())
        {
            var expected = truth.TryGetValue(id, out var value) ? $$"""{"v":{{value}}}""" : null;
            await store.UntilAsync(id, expected);
        }
    }
}
