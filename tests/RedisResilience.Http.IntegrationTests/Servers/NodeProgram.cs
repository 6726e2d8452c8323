using System.Globalization;
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
    public const int Permits = 30;
    public const string WarmUp = "/warm-up";

    /// <summary>Where a node tells that it has been told to stay away, and has told the others.</summary>
    public const string Heard = "/heard";

    /// <summary>A request's field: when its caller began, by the machine's clock. The permit was given after that.</summary>
    public const string BegunAt = "Begun-At";


    /// <summary>Shorter than the pause that the API asks for: without that there would be permits, and calls.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    // Whatever it is told to wait: those who stay away by themselves would prove nothing.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    public static TimeSpan Now => TimeProvider.System.GetElapsedTime(0);

    /// <param name="arguments">Where Redis listens, where the API does, and the limit's name.</param>
    public static async Task<int> Main(string[] arguments)
    {
        var services = new ServiceCollection();
        services.AddRedisResilience(
            arguments[0], options => options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(20));
        services.AddHttpClient("api", client => client.BaseAddress = new Uri(arguments[1]))
            .AddRedisResilienceLimit(arguments[2], RateLimit.SlidingLog(Permits, Window), options =>
            {
                (options.MaximumWait, options.FailurePolicy) = (TimeSpan.Zero, FailurePolicy.Deny);
                options.Key = request => request.RequestUri!.AbsolutePath == "/" ? "client" : null;
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
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add(BegunAt, Now.ToString("c", CultureInfo.InvariantCulture));
            try
            {
                using var response = await client.SendAsync(request, over);
                answered += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
                if (response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    (await client.GetAsync(new Uri(Heard, UriKind.Relative), over)).Dispose();
                }
            }
            catch (HttpRateLimitedException) when (!over.IsCancellationRequested)
            {
                await Task.Delay(Breath, TimeProvider.System, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return answered;
            }
        }
    }
}
