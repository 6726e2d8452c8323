using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>One process of the service: for each line, which is a key, all its callers ask for that at once. Its source counts in Redis how
/// often it is asked.</summary>
internal static class ColdWorker
{
    public const string Name = "cold-worker";
    public const int Callers = 250;
    public static readonly TimeSpan LoadTime = TimeSpan.FromMilliseconds(100);

    public static string CounterOf(string key) => $"asked:{key}";

    public static async Task RunAsync(string cache, string endpoint)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(endpoint);
        var read = await ColdCache.CreateAsync(cache, new ServiceCollection(), endpoint);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } key)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(read, connection.GetDatabase(), key))));
            Console.WriteLine(Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task CallAsync(ColdCache.Read read, IDatabase database, string key)
    {
        var length = await read(key, async token =>
        {
            await database.StringIncrementAsync(CounterOf(key));
            await Task.Delay(LoadTime, TimeProvider.System, token);
            return new byte[4096];
        });
        if (length == 0)
        {
            throw new InvalidOperationException("A caller was given nothing.");
        }
    }
}
