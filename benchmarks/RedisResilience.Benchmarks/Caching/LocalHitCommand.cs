using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using ZiggyCreatures.Caching.Fusion;

namespace RedisResilience.Benchmarks.Caching;

/// <summary><c>cache-local</c>: a hit that does not leave the process, beside HybridCache and FusionCache.</summary>
internal static class LocalHitCommand
{
    private const int Rounds = 40;
    private const int Calls = 200_000;
    private const string Key = "predictions:v1:AAPL";

    private static readonly byte[] Body = new byte[4096];

    public static async Task RunAsync()
    {
        using var server = RedisServer.Start();
        await using var services = new ServiceCollection()
            .AddRedisResilience(server.Endpoint, options =>
            {
                options.LocalTier.KeyPrefixes.Add("predictions:");
                options.LocalTier.MaximumStaleness = TimeSpan.FromHours(1);
            })
            .Services.AddHybridCache().Services
            .AddFusionCache().Services
            .BuildServiceProvider();
        var contenders = new (string Name, Func<int, ValueTask> CallAsync)[]
        {
            ("a bare ConcurrentDictionary", Dictionary()),
            ("ours, GetAsync", await OursAsync(services)),
            ("HybridCache, GetOrCreateAsync", await HybridCacheAsync(services.GetRequiredService<HybridCache>())),
            ("FusionCache, GetOrSetAsync", FusionCache(services.GetRequiredService<IFusionCache>())),
        };
        var rounds = contenders.Select(_ => new List<(double Nanoseconds, double Bytes)>()).ToArray();
        for (var round = -20; round < Rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var result = await MeasureAsync(contenders[turn].CallAsync);
                if (round >= 0)
                {
                    rounds[turn].Add(result);
                }
            }
        }

        Console.WriteLine($"Medians of {Rounds} interleaved rounds of {Calls:N0} calls on one thread.");
        Console.WriteLine();
        Console.WriteLine("| local hit, 4 KB | ns | B |");
        Console.WriteLine("|---|---:|---:|");
        for (var index = 0; index < contenders.Length; index++)
        {
            var time = Quartiles.Of(rounds[index].Select(round => round.Nanoseconds));
            Console.WriteLine($"| {contenders[index].Name} | {time.Median:F1} ({time.Lower:F1}–{time.Upper:F1}) | "
                + $"{Quartiles.Of(rounds[index].Select(round => round.Bytes)).Median:F1} |");
        }
    }

    /// <summary>The floor: a lookup and nothing else.</summary>
    private static Func<int, ValueTask> Dictionary()
    {
        var entries = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal) { [Key] = Body };
        return times =>
        {
            for (var call = 0; call < times; call++)
            {
                if (!entries.TryGetValue(Key, out _))
                {
                    throw new InvalidOperationException("A miss.");
                }
            }

            return ValueTask.CompletedTask;
        };
    }

    private static async Task<Func<int, ValueTask>> OursAsync(ServiceProvider services)
    {
        var status = services.GetRequiredService<IRedisStatus>();
        var cache = services.GetRequiredService<IResponseCache>();
        await status.WaitUntilAvailableAsync();
        while (status.Current.LocalTier == LocalTierMode.Suspended)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        await cache.SetAsync(Key, Body, TimeSpan.FromHours(2));
        return async times =>
        {
            for (var call = 0; call < times; call++)
            {
                using var cached = await cache.GetAsync(Key);
                if (!cached.HasBody)
                {
                    throw new InvalidOperationException("A miss.");
                }
            }
        };
    }

    private static async Task<Func<int, ValueTask>> HybridCacheAsync(HybridCache cache)
    {
        await cache.SetAsync(Key, Body);
        return async times =>
        {
            for (var call = 0; call < times; call++)
            {
                await cache.GetOrCreateAsync<byte[]>(Key, static _ => throw new InvalidOperationException("A miss."));
            }
        };
    }

    private static Func<int, ValueTask> FusionCache(IFusionCache cache)
    {
        cache.Set(Key, Body, TimeSpan.FromHours(2));
        return async times =>
        {
            for (var call = 0; call < times; call++)
            {
                await cache.GetOrSetAsync<byte[]>(Key, static (_, _) => throw new InvalidOperationException("A miss."));
            }
        };
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(Func<int, ValueTask> callAsync)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await callAsync(Calls);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return (elapsed.TotalNanoseconds / Calls, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / Calls);
    }
}
