using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.RateLimiting;
using RedisResilience.RateLimiting.Upstream;

namespace RedisResilience.Http.Tests.RateLimiting;

/// <summary>A client whose requests are limited in memory, by a clock that a test moves.</summary>
internal sealed class LimitedClient : IDisposable
{
    private readonly ServiceProvider _services;

    public LimitedClient(RateLimit limit, Action<HttpLimitOptions>? configure = null, Action<IHttpClientBuilder>? more = null)
    {
        Upstream = new InMemoryUpstreamQuota(Time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IRateLimiter>(new InMemoryRateLimiter(Time));
        services.AddSingleton<IUpstreamQuota>(Upstream);
        var client = services.AddHttpClient("quotes").ConfigurePrimaryHttpMessageHandler(() => Origin)
            .AddRedisResilienceLimit("quotes", limit, options =>
        {
            (options.Spread, options.MaximumWait) = (TimeSpan.Zero, TimeSpan.Zero);
            configure?.Invoke(options);
        });
        more?.Invoke(client);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("quotes");
        Client.BaseAddress = new Uri("http://api.test/");
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public FakeOrigin Origin { get; } = new();

    public InMemoryUpstreamQuota Upstream { get; }

    public HttpClient Client { get; }

    /// <summary>Sends a request; null when it was sent, else how long it should wait.</summary>
    public async Task<TimeSpan?> SendAsync(string uri = "", Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        prepare?.Invoke(request);
        try
        {
            (await Client.SendAsync(request)).Dispose();
            return null;
        }
        catch (HttpRateLimitedException exception)
        {
            return exception.RetryAfter;
        }
    }

    /// <summary>Lets time pass until a request is done; it says how long that took.</summary>
    public async Task<TimeSpan> PassUntilAsync(Task done)
    {
        var started = Time.GetUtcNow();
        while (!done.IsCompleted)
        {
            await Task.Yield();
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        await done;
        return Time.GetUtcNow() - started;
    }

    public void Dispose()
    {
        Client.Dispose();
        _services.Dispose();
    }
}
