using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.IntegrationTests.Servers;

/// <summary>What this assembly does as a process of its own: callers of one API, under one limit, until their input ends.</summary>
internal static class NodeProgram
{
    public const int Callers = 16;
    public const int Permits = 60;
    public const string WarmUp = "/warm-up";
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    /// <param name="arguments">Where Redis listens, where the API does, and the limit's name.</param>
    public static async Task<int> Main(string[] arguments)
    {
        var services = new ServiceCollection();
        services.AddRedisResilience(
            arguments[0], options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20));
        services.AddHttpClient("api", client => client.BaseAddress = new Uri(arguments[1]))
            .AddRedisResilienceLimit(arguments[2], RateLimit.SlidingLog(Permits, Window), options =>
            {
                (options.MaximumWait, options.FailurePolicy, options.Spread) = (
                    TimeSpan.FromSeconds(30), FailurePolicy.Deny, TimeSpan.FromMilliseconds(200));
                options.Key = request => request.RequestUri!.AbsolutePath == WarmUp ? null : "client";
            });
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => WarmUpAsync(provider))));
        Console.WriteLine("ready");
        Console.ReadLine();

        using var over = new CancellationTokenSource();
        var calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(provider, over.Token))));
        Console.ReadLine();
        await over.CancelAsync();
        Console.WriteLine((await calling).Sum());
        return 0;
    }

    // What a process does for the first time takes long, and would make calls arrive long after their permits.
    private static async Task WarmUpAsync(ServiceProvider provider)
    {
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var call = 0; call < 20; call++)
        {
            (await client.GetAsync(new Uri(WarmUp, UriKind.Relative))).Dispose();
            await provider.GetRequiredService<IRateLimiter>().AcquireAsync("warm-up", RateLimit.SlidingLog(Permits, Window));
        }
    }

    private static async Task<int> CallAsync(ServiceProvider provider, CancellationToken over)
    {
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (var answered = 0; ;)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("/", UriKind.Relative), over);
                answered += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            }
            catch (HttpRateLimitedException) when (!over.IsCancellationRequested)
            {
                // It comes back.
            }
            catch (OperationCanceledException)
            {
                return answered;
            }
        }
    }
}
