using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following;

/// <summary>A Redis that is full, and more changes at once than it takes: the watcher keeps to its pace, and nothing is lost.</summary>
public sealed class WatcherLoadTests : WatcherFixture
{
    // Far less than all removals take at once, and more than a busy machine makes a Redis wait that is not asked for too much.
    private static readonly TimeSpan OfRedis = TimeSpan.FromSeconds(2);

    [Test]
    public async Task RedisOutOfMemory_EntriesAreDeletedAllTheSame_AndWhatWasOwedIsMadeGood()
    {
        await using var deployment = await DeployAsync();
        await SetAsync("A", 1);
        await deployment.Store.CacheAsync("A");
        await Redis.LimitMemoryAsync(1);

        await SetAsync("A", 2);
        await Until.TrueAsync(
            async () =>
            {
                using var entry = await deployment.Cache.GetAsync($"{Database}:v1:A");
                return !entry.HasBody;
            },
            "It is not deleted.");
        await Until.TrueAsync(() => deployment.Events.Contains(106), "It is not said.");

        await Redis.LimitMemoryAsync(0);
        await deployment.Store.CacheAsync("A");
        await SetAsync("A", 3);
        await deployment.Store.UntilAsync("A", """{"v":3}""");
        Assert.That(deployment.Events.Count(id => id == 106), Is.EqualTo(1));
    }

    [Test]
    public async Task HundredThousandChangesAtOnce_AreFollowedWithoutAnInterruption_AndNoneIsSentTwice()
    {
        const int Changes = 100_000;
        await using var deployment = await DeployAsync(_ => true, OfRedis);
        var startedAt = TimeProvider.System.GetTimestamp();
        foreach (var some in Enumerable.Range(0, Changes).Chunk(20_000))
        {
            await Documents.InsertManyAsync(
                some.Select(id => new BsonDocument { { "_id", $"{id}" }, { "v", 1 } }), new InsertManyOptions { IsOrdered = false });
        }

        var written = TimeProvider.System.GetElapsedTime(startedAt);
        while (Removed.Count < Changes)
        {
            Assert.That(
                TimeProvider.System.GetElapsedTime(startedAt), Is.LessThan(TimeSpan.FromMinutes(4)), "They are never caught up with.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await TestContext.Out.WriteLineAsync(
            $"{Changes} changes in {written.TotalSeconds:f1} s, caught up with after "
                + $"{TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:f1} s");
        Assert.That(deployment.Events, Is.EqualTo(new[] { 100 }), () => deployment.Said);
        Assert.That(Removed.Values.Max(), Is.EqualTo(1));
    }

    [Test]
    public async Task RemovalsThatGoUnanswered_AreSentAgain_AndTheOthersAreNot()
    {
        const int Changes = 2000;
        var asked = new ConcurrentDictionary<string, int>();

        // Every third one at first, whichever come together.
        await using var deployment = await DeployAsync(
            key => asked.AddOrUpdate(key, 1, (_, times) => times + 1) > 1 || key[^1] is not ('0' or '3' or '6'));

        await Documents.InsertManyAsync(Enumerable.Range(0, Changes).Select(id => new BsonDocument { { "_id", $"{id}" }, { "v", 1 } }));
        await Until.TrueAsync(() => Removed.Count == Changes, "They are never caught up with.");

        Assert.That(deployment.Events, Is.EqualTo(new[] { 100 }));
        Assert.That(Removed.Values.Max(), Is.EqualTo(1));
    }
}
