using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>What this assembly does as a process that may be killed at any moment: callers who say each permit as they get it.</summary>
internal static class GrantingCallers
{
    public const string Mode = "granting";
    public const string Denied = "denied";
    public const int Permits = 1000;

    private const int Callers = 12;

    /// <summary>Limits of 1,000 permits, none of which comes back while a test runs.</summary>
    public static IReadOnlyDictionary<string, RateLimit> Limits { get; } = new Dictionary<string, RateLimit>
    {
        [nameof(RateLimit.FixedWindow)] = RateLimit.FixedWindow(Permits, TimeSpan.FromDays(1)),
        [nameof(RateLimit.SlidingWindow)] = RateLimit.SlidingWindow(Permits, TimeSpan.FromDays(1)),
        [nameof(RateLimit.SlidingLog)] = RateLimit.SlidingLog(Permits, TimeSpan.FromDays(1)),
        [nameof(RateLimit.TokenBucket)] = RateLimit.TokenBucket(1, TimeSpan.FromHours(8), Permits),
        [nameof(RateLimit.WithPrefetch)] = RateLimit.FixedWindow(Permits, TimeSpan.FromDays(1)).WithPrefetch(),
        [nameof(RateLimit.All)] = RateLimit.All(
            RateLimit.TokenBucket(1, TimeSpan.FromHours(8), Permits), RateLimit.SlidingWindow(Permits + 1, TimeSpan.FromDays(1))),
    };

    /// <summary>Says <c>ready</c>, waits for a line, says how many permits each grant has, and at the end that it is denied.</summary>
    public static async Task<int> RunAsync(string redis, string key, RateLimit limit)
    {
        await using var services = new ServiceCollection()
            .AddRedisResilience(redis, options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20))
            .Services.BuildServiceProvider();
        var limiter = services.GetRequiredService<IRateLimiter>();
        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        Console.WriteLine("ready");
        Console.ReadLine();
        await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(
                caller => Task.Run(() => CallAsync(limiter, key, limit with { FailurePolicy = FailurePolicy.Deny }, caller))));
        Console.WriteLine(Denied);
        Console.ReadLine();
        return 0;
    }

    private static async Task CallAsync(IRateLimiter limiter, string key, RateLimit limit, int caller)
    {
        for (var call = caller; ; call++)
        {
            var decision = call % 2 == 0
                ? await limiter.AcquireAsync(key, limit)
                : await limiter.AcquireUpToAsync(key, limit, 2);
            if (decision.IsAllowed)
            {
                Console.WriteLine(decision.Granted);
            }
            else if (!decision.IsDegraded)
            {
                return;
            }
        }
    }
}
