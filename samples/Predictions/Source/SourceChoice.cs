using MongoDB.Driver;
using Predictions.Prices;
using RedisResilience;

namespace Predictions.Source;

/// <summary>Which source of truth the sample uses: the MongoDB of <c>MONGO_URL</c>, else documents in this process.</summary>
internal static class SourceChoice
{
    private const string DefaultDatabase = "predictions";

    // The driver's own 30 s would be a long time for somebody who waits for a page.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>What it is, for the first lines of the output. No secrets.</returns>
    public static string AddPredictionSource(
        this IRedisResilienceBuilder redis, string? mongoUrl, PriceHistories histories, TimeSpan timeToLive)
    {
        var services = redis.Services;
        services.AddSingleton(histories);
        if (string.IsNullOrWhiteSpace(mongoUrl))
        {
            var source = new EmbeddedPredictionSource(histories.ComputeDocuments());
            services.AddSingleton<IPredictionSource>(source);
            return $"embedded, {source.Count} documents in this process";
        }

        var url = Parse(mongoUrl);
        var settings = MongoClientSettings.FromUrl(url);
        settings.ServerSelectionTimeout = Patience;
        settings.ConnectTimeout = Patience;
        services.AddSingleton<IMongoClient>(_ => new MongoClient(settings));
        redis.AddMongo(options =>
        {
            options.Database = url.DatabaseName ?? DefaultDatabase;
            options.Collection = "predictions";
            options.KeyPrefix = "predictions:v1";
            options.TimeToLive = timeToLive;
        });

        // What another program writes shows in the next response.
        redis.AddChangeStreamInvalidation();
        services.AddSingleton<IPredictionSource, MongoPredictionSource>();
        return $"MongoDB at {string.Join(", ", url.Servers)}";
    }

    private static MongoUrl Parse(string mongoUrl)
    {
        try
        {
            return MongoUrl.Create(mongoUrl);
        }
        catch (MongoConfigurationException)
        {
            // The driver's message repeats the whole string, with its password.
            throw new ArgumentException("MONGO_URL is not a mongodb:// or mongodb+srv:// connection string.");
        }
    }
}
