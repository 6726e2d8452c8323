using System.Globalization;
using System.Text;
using System.Text.Json;
using Predictions.Source;
using StackExchange.Redis;

namespace Predictions.Endpoints;

/// <summary>What stands in the embedded Redis, as <c>redis-cli</c> would show it: the keys that the sample can make, with their values and
/// times to live.</summary>
internal static class KeyEndpoints
{
    private const int Shown = 72;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public static void MapKeys(this IEndpointRouteBuilder routes) => routes.MapGet("/keys", ListAsync);

    private static async Task<IResult> ListAsync(
        IPredictionSource source, Lazy<Task<ConnectionMultiplexer>> connection, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var symbols = await source.ListAsync(cancellationToken);
        string[] names = ["ratelimit:127.0.0.1", "ratelimit:replacing:127.0.0.1", "ratelimit:race:127.0.0.1", .. symbols.Select(
            symbol => $"predictions:v1:{symbol}"), "race:v1:AAPL"];
        try
        {
            var database = (await connection.Value.WaitAsync(Patience, timeProvider, cancellationToken)).GetDatabase();
            var entries = await Task.WhenAll(
                names.Select(name => ReadAsync(database, name))).WaitAsync(Patience, timeProvider, cancellationToken);
            return Results.Bytes(Write(entries), "application/json");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Not an error of this service: the page says that nobody answers there.
            return Results.Bytes("null"u8.ToArray(), "application/json");
        }
    }

    private static async Task<(string Name, RedisValue Value, TimeSpan? TimeToLive)> ReadAsync(IDatabase database, string name)
    {
        var entry = await database.StringGetWithExpiryAsync(name);
        return (name, entry.Value, entry.Expiry);
    }

    private static byte[] Write((string Name, RedisValue Value, TimeSpan? TimeToLive)[] entries)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var (name, value, timeToLive) in entries.Where(entry => !entry.Value.IsNull))
            {
                json.WriteStartObject();
                json.WriteString("key", name);
                json.WriteString("value", Preview(value));
                json.WriteNumber("seconds", Math.Ceiling(timeToLive?.TotalSeconds ?? -1));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    // A raw body begins with what JSON begins with; a token bucket's state is a number.
    private static string Preview(RedisValue value)
    {
        var bytes = (byte[])value!;
        var text = Encoding.UTF8.GetString(bytes);
        return bytes.Length > 0 && bytes[0] < ' ' ? string.Create(CultureInfo.InvariantCulture, $"({bytes.Length} bytes with a header)")
            : text.Length <= Shown ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text[..Shown]}… ({bytes.Length} bytes)");
    }
}
