using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Caching;
using RedisResilience.IntegrationTests.Chaos;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>What this assembly does as a process of its own: callers of one key, who count what they are granted.</summary>
internal static class CallersProgram
{
    public const int Callers = 16;
    public const int CallsPerCaller = 8;
    public const int Permits = 100;

    /// <summary>Limits of 100 permits, none of which comes back while a test runs.</summary>
    public static IReadOnlyDictionary<string, RateLimit> Limits { get; } = new Dictionary<string, RateLimit>
    {
        [nameof(RateLimit.FixedWindow)] = RateLimit.FixedWindow(Permits, TimeSpan.FromDays(1)),
        [nameof(RateLimit.SlidingWindow)] = RateLimit.SlidingWindow(Permits, TimeSpan.FromDays(1)),
        [nameof(RateLimit.SlidingLog)] = RateLimit.SlidingLog(Permits, TimeSpan.FromDays(1)),
        [nameof(RateLimit.TokenBucket)] = RateLimit.TokenBucket(Permits, TimeSpan.FromDays(100)),
        [nameof(RateLimit.Concurrency)] = RateLimit.Concurrency(Permits, TimeSpan.FromHours(1)),
        [nameof(RateLimit.All)] = RateLimit.All(
            RateLimit.TokenBucket(Permits, TimeSpan.FromDays(100)), RateLimit.FixedWindow(
                Permits + 1, TimeSpan.FromDays(1)), RateLimit.SlidingWindow(Permits + 2, TimeSpan.FromDays(1))),
    };

    /// <summary>Says <c>ready</c>, waits for a line, calls, and says how many permits were granted and how many calls nobody
    /// answered.</summary>
    /// <param name="arguments">Where the server listens, the key, and the name of the limit.</param>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [var redis, var isThere] && bool.TryParse(isThere, out var isThereAlready))
        {
            return await ChaosProgram.RunAsync(redis, isThereAlready);
        }

        if (arguments is [var server, var key, var name, GrantingCallers.Mode])
        {
            return await GrantingCallers.RunAsync(server, key, GrantingCallers.Limits[name]);
        }

        if (arguments.Length == CacheCallers.Arguments)
        {
            return await CacheCallers.RunAsync(arguments);
        }

        await using var services = new ServiceCollection()
            .AddRedisResilience(
                arguments[0], options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20))
            .Services.BuildServiceProvider();
        var limiter = services.GetRequiredService<IRateLimiter>();
        await services.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        Console.WriteLine("ready");
        Console.ReadLine();

        // Kept to the end: a lease that nobody holds would be given back.
        var decisions = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(limiter, arguments[1], Limits[arguments[2]]))));
        var all = decisions.SelectMany(caller => caller).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{all.Sum(decision => decision.Granted)} {all.Count(decision => decision.IsDegraded)}"));
        return 0;
    }

    private static async Task<RateLimitDecision[]> CallAsync(IRateLimiter limiter, string key, RateLimit limit)
    {
        var decisions = new RateLimitDecision[CallsPerCaller];
        for (var call = 0; call < CallsPerCaller; call++)
        {
            decisions[call] = call % 2 == 0
                ? await limiter.AcquireAsync(key, limit with { FailurePolicy = FailurePolicy.Deny })
                : await limiter.AcquireUpToAsync(key, limit with { FailurePolicy = FailurePolicy.Deny }, 2);
        }

        return decisions;
    }
}
