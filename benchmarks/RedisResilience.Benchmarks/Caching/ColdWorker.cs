using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>One process of the service: for each line, which is a key, all its callers ask for that at once. Its source counts in Redis how
/// often it is asked.</summary>
internal static class ColdWorker
{
    public const string Name = "cold-worker";
    public const int Callers = 250;
    public static readonly TimeSpan LoadTime = TimeSpan.FromMilliseconds(100);

    private static readonly CacheEntryOptions Kept = new(TimeSpan.FromMinutes(1));

    public static string CounterOf(string key) => $"asked:{key}";

    public static async Task RunAsync(string endpoint)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(endpoint);
        await using var services = new ServiceCollection()
            .AddRedisResilience(endpoint, options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(5))
            .Services.BuildServiceProvider();
        await services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
        var cache = services.GetRequiredService<IResponseCache>();
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } key)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(cache, connection.GetDatabase(), key))));
            Console.WriteLine(Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task CallAsync(IResponseCache cache, IDatabase database, string key)
    {
        using var response = await cache.GetOrCreateAsync(key, Kept, (database, key), static async (state, token) =>
        {
            await state.database.StringIncrementAsync(CounterOf(state.key));
            await Task.Delay(LoadTime, TimeProvider.System, token);
            return new SourceResponse(new byte[4096]);
        });
        if (!response.HasBody)
        {
            throw new InvalidOperationException("A caller was given nothing.");
        }
    }
}
