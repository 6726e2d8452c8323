using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Benchmarks.Scale;

/// <summary>One process of the service: many callers that each ask for a permit again and again, with keys at random.</summary>
internal static class ScaleWorker
{
    private const int Callers = 64;

    // Made before the clock runs: what is measured is not the making of text.
    private static readonly string[] Keys = [.. Enumerable.Range(0, 1_000_000).Select(key => key.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Runs in a process of its own; its last line says how many calls Redis answered in how much time, and what they cost this
    /// process.</summary>
    public static async Task RunAsync(string connectionString, double seconds, int keys)
    {
        await using var services = new ServiceCollection()
            .AddRedisResilience(
                connectionString, options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(5))
            .Services.BuildServiceProvider();
        await services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
        var limiter = services.GetRequiredService<IRateLimiter>();
        await CallAsync(limiter, keys, seconds / 4);

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var began = Stopwatch.GetTimestamp();
        var calls = await CallAsync(limiter, keys, seconds);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var cost = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds / calls;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} {elapsed.TotalSeconds} {cost}"));
    }

    private static async Task<long> CallAsync(IRateLimiter limiter, int keys, double seconds)
    {
        var answered = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var count = 0L;
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                var decision = await limiter.AcquireAsync(Keys[random.Next(keys)], Workbench.Limit);
                count += decision.Source == DecisionSource.Redis ? 1 : 0;
            }

            return count;
        })));
        return answered.Sum();
    }
}
