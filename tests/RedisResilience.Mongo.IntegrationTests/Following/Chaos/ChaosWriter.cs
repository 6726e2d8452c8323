using MongoDB.Bson;
using MongoDB.Driver;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>Another program, which writes to MongoDB and tells nobody but the truth.</summary>
internal sealed class ChaosWriter(IMongoCollection<BsonDocument> documents, Truth truth)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private volatile bool _isPaused;

    public bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Writes and deletes without pause, but for the pauses that it is told to make.</summary>
    public async Task WriteAsync(string[] ids, CancellationToken isOver)
    {
        var random = new Random(3);
        for (var value = 1; !isOver.IsCancellationRequested; value++)
        {
            while (IsPaused && !isOver.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
            }

            var id = ids[random.Next(ids.Length)];
            try
            {
                await WriteAsync(id, random.Next(10) == 0 ? null : $"{value}");
            }
            catch (Exception away) when (away is MongoException or TimeoutException)
            {
                await Task.Delay(Moment, TimeProvider.System, CancellationToken.None);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Writes each of some documents once, in one command, whatever it takes.</summary>
    public async Task ChangeAsync(string[] ids)
    {
        var value = Guid.NewGuid().ToString("N");
        var isDone = false;
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!isDone)
        {
            try
            {
                await documents.BulkWriteAsync(ids.Select(
                    id => new UpdateOneModel<BsonDocument>(new BsonDocument("_id", id), Builders<BsonDocument>.Update.Set("v", value))));
                isDone = true;
                foreach (var id in ids)
                {
                    truth.Written(id, value);
                }
            }
            catch (Exception away) when (
                away is (MongoException or TimeoutException) && TimeProvider.System.GetElapsedTime(startedAt) < Patience)
            {
                await Task.Delay(Moment, TimeProvider.System);
            }
        }
    }

    /// <summary>Ten thousand changes at once.</summary>
    public async Task BurstAsync(string[] ids)
    {
        foreach (var some in Enumerable.Range(0, 10_000).Chunk(500))
        {
            await documents.BulkWriteAsync(some.Select(number => new UpdateOneModel<BsonDocument>(
                new BsonDocument("_id", ids[number % ids.Length]), Builders<BsonDocument>.Update.Set("burst", number))));
        }
    }

    private async Task WriteAsync(string id, string? value)
    {
        var filter = new BsonDocument("_id", id);
        if (value is null)
        {
            await documents.DeleteOneAsync(filter);
        }
        else
        {
            await documents.ReplaceOneAsync(filter, new() { { "_id", id }, { "v", value } }, new ReplaceOptions { IsUpsert = true });
        }

        truth.Written(id, value);
    }
}
