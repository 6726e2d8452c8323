using MongoDB.Bson;
using MongoDB.Driver;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Quotas;

[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class QuotaTests(MongoKind kind) : MongoFixture(kind)
{
    [Test]
    public async Task Permits_AreGivenUntilThereAreNone()
    {
        var quota = new MongoQuota(Documents, permits: 5, QuotaPeriod.Year);

        var first = await quota.AcquireAsync("A", 3);
        Assert.That((first.IsAllowed, first.Remaining), Is.EqualTo((true, 2L)));
        Assert.That((first.ResetsAt.Month, first.ResetsAt.Day, first.ResetsAt.TimeOfDay), Is.EqualTo((1, 1, TimeSpan.Zero)));
        Assert.That((await quota.AcquireAsync("A", 3)) is { IsAllowed: false, Remaining: 2 }, Is.True);
        Assert.That((await quota.AcquireAsync("A", 2)) is { IsAllowed: true, Remaining: 0 }, Is.True);
        Assert.That((await quota.AcquireAsync("A", 0)) is { IsAllowed: true, Remaining: 0 }, Is.True);
        Assert.That((await quota.AcquireAsync("B", 6)) is { IsAllowed: false, Remaining: 5 }, Is.True);
    }

    [Test]
    public async Task ManyAtOnce_GetNoMoreThanThereAre()
    {
        var quota = new MongoQuota(Documents, permits: 20, QuotaPeriod.Month);
        await quota.AcquireAsync("A", 0);

        var decisions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => quota.AcquireAsync("A")));

        Assert.That(decisions.Count(decision => decision.IsAllowed), Is.EqualTo(20));
    }

    [Test]
    public async Task NextPeriod_BeginsAnew()
    {
        var quota = new MongoQuota(Documents, permits: 1, QuotaPeriod.Month);
        await quota.AcquireAsync("A");
        Assert.That((await quota.AcquireAsync("A")).IsAllowed, Is.False);

        // As if it had been counted in another month.
        await Documents.UpdateOneAsync(new BsonDocument("_id", "A"), Builders<BsonDocument>.Update.Set("start", new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)));

        Assert.That((await quota.AcquireAsync("A")).IsAllowed, Is.True);
    }
}
