using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Caching;
using RedisResilience.Caching.Entries;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary><c>cache-compression</c>: documents like the sample's and lists of orders, coded in several ways: how small, how fast, and how
/// many of them 30 MB hold.</summary>
internal static class CompressionCommand
{
    private const int Rounds = 20;
    private const long FreeDatabase = 30 * 1024 * 1024;

    private static readonly (string Name, Func<byte[], byte[]> Code, ContentEncoding Encoding)[] Codings =
    [
        ("none", body => body, ContentEncoding.Identity),
        ("gzip, fastest", body => Gzip(body, CompressionLevel.Fastest), ContentEncoding.Gzip),
        ("gzip, optimal", body => Gzip(body, CompressionLevel.Optimal), ContentEncoding.Gzip),
        ("Brotli, quality 1", body => Brotli(body, 1), ContentEncoding.Brotli),
        ("Brotli, quality 4", body => Brotli(body, 4), ContentEncoding.Brotli),
        ("Brotli, quality 6", body => Brotli(body, 6), ContentEncoding.Brotli),
        ("Brotli, quality 11", body => Brotli(body, 11), ContentEncoding.Brotli),
        ("ours, optimal", body => Ours(body, CompressionLevel.Optimal), ContentEncoding.Brotli),
        ("ours, smallest", body => Ours(body, CompressionLevel.SmallestSize), ContentEncoding.Brotli),
    ];

    public static async Task RunAsync()
    {
        using var server = RedisServer.Start();
        await server.WaitUntilUpAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.Endpoint);
        Console.WriteLine($"Medians of {Rounds} rounds; memory by MEMORY USAGE of one key.");
        foreach (var (document, body) in new[]
        {
            ("12 months and 6 ahead", Document(12, 6)), (
            "120 months and 60 ahead", Document(120, 60)), ("720 months and 480 ahead", Document(720, 480)),
            ("20 orders", Orders(20)), ("200 orders", Orders(200)),
        })
        {
            Console.WriteLine();
            Console.WriteLine($"| {document} | bytes | smaller by | code µs | decode µs | in 30 MB |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|");
            foreach (var (name, code, encoding) in Codings)
            {
                var coded = code(body);
                await connection.GetDatabase().StringSetAsync("predictions:v1:AAPL", coded);
                var memory = (long)await connection.GetDatabase().ExecuteAsync("MEMORY", "USAGE", "predictions:v1:AAPL");
                var coding = Median(() => code(body));
                var decoding = encoding == ContentEncoding.Identity
                    ? 0
                    : Median(() => BodyCompression.TryInflate(coded, encoding, body.Length, body.Length)!.Dispose());
                Console.WriteLine($"| {name} | {coded.Length:N0} | {(double)body.Length / coded.Length:F1} | {coding:F0} | {decoding:F0} "
                    + $"| {FreeDatabase / memory:N0} |");
            }
        }
    }

    // The shape of the sample's documents: a price a month, and a forecast with its bounds.
    private static byte[] Document(int months, int ahead)
    {
        var dice = new Random(1);
        var price = 100.0;
        var text = new StringBuilder("{\"symbol\":\"AAPL\",\"asOf\":\"2010-03\",\"lastPrices\":[");
        for (var month = 0; month < months; month++)
        {
            price *= 0.95 + (dice.NextDouble() / 10);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(month == 0 ? "" : ",")}{{\"month\":\"{1950 + (month / 12)}-{(month % 12) + 1:D2}\",\"price\":{price:F2}}}");
        }

        text.Append("],\"forecast\":[");
        for (var month = 0; month < ahead; month++)
        {
            price *= 1.002;
            var width = Math.Sqrt(month + 1) * 5;
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(month == 0 ? "" : ",")}{{\"month\":\"{2010 + (month / 12)}-{(month % 12) + 1:D2}\","
                + $"\"value\":{price:F2},\"lower\":{price - width:F2},\"upper\":{price + width:F2}}}");
        }

        return Encoding.UTF8.GetBytes(text.Append(
            "],\"model\":{\"name\":\"Holt linear trend\",\"alpha\":0.9,\"beta\":0.1,\"error\":4.2,\"observations\":123}}").ToString());
    }

    // What most services answer: the same names over and over, few different texts, and here and there a number that is like no other.
    private static byte[] Orders(int count)
    {
        var dice = new Random(1);
        string[] states = ["placed", "paid", "shipped", "delivered"], cities = ["Berlin", "Paris", "Madrid", "Rome", "Vienna"];
        var orders = Enumerable.Range(0, count).Select(order => string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"orderId\":{810_000 + order},\"status\":\"{states[dice.Next(states.Length)]}\",\"currency\":\"EUR\","
            + $"\"total\":{dice.Next(100, 20_000) / 100.0:F2},\"placedAt\":\"2026-01-{dice.Next(1, 29):D2}T{dice.Next(24):D2}:00:00Z\","
            + $"\"shipTo\":{{\"city\":\"{cities[dice.Next(cities.Length)]}\","
            + $"\"country\":\"EU\",\"express\":{(dice.Next(4) == 0 ? "true" : "false")}}}}}"));
        return Encoding.UTF8.GetBytes($"{{\"orders\":[{string.Join(',', orders)}]}}");
    }

    private static byte[] Ours(byte[] body, CompressionLevel level)
    {
        using var coded = BodyCompression.TryCompress(body, level);
        return coded?.Memory.ToArray() ?? body;
    }

    private static byte[] Brotli(byte[] body, int quality)
    {
        var coded = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        BrotliEncoder.TryCompress(body, coded, out var written, quality, window: 22);
        return coded[..written];
    }

    private static byte[] Gzip(byte[] body, CompressionLevel level)
    {
        using var coded = new MemoryStream();
        using (var gzip = new GZipStream(coded, level))
        {
            gzip.Write(body);
        }

        return coded.ToArray();
    }

    private static double Median(Action action)
    {
        var times = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            action();
            times[round] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return Quartiles.Of(times).Median;
    }
}
