using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Http;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>What one node asks of somebody else's API, through a cache and through a limit that all nodes share.</summary>
internal sealed class ChaosRequests : IAsyncDisposable
{
    private const int Quotes = 40;

    // As exact in every outage as the other scarce limits.
    private static readonly RateLimit Limit = RateLimit.FixedWindow(ChaosPermits.Scarce, TimeSpan.FromHours(1));

    private readonly ServiceProvider _services;
    private readonly HttpClient _cached;
    private readonly HttpClient _limited;
    private string? _closedUntil;

    public ChaosRequests(ResilientService node)
    {
        var services = new ServiceCollection().AddSingleton(node.Cache).AddSingleton(node.Limiter).AddSingleton(node.Upstream);
        services.AddHttpClient("cached").ConfigurePrimaryHttpMessageHandler(() => Api).AddRedisResilienceCache();
        services.AddHttpClient("limited").ConfigurePrimaryHttpMessageHandler(() => Api).AddRedisResilienceLimit("api", Limit, options =>
        {
            options.Key = static request => request.RequestUri!.AbsolutePath[1..];
            options.FailurePolicy = FailurePolicy.Deny;
            (options.MaximumWait, options.AnswersWithStatus) = (TimeSpan.Zero, true);
        });
        _services = services.BuildServiceProvider();
        (_cached, _limited) = (Client("cached"), Client("limited"));
    }

    public ChaosApi Api { get; } = new();

    /// <summary>Reads a quote: never older than a change of this node's that has returned.</summary>
    public async Task ReadAsync(int number)
    {
        var path = PathOf(number);
        var oldestAllowed = Api.Quotes.OldestAllowed(path);
        Api.Quotes.Check(await _cached.GetByteArrayAsync(new Uri(path, UriKind.Relative)), oldestAllowed);
    }

    public async Task ChangeAsync(int number)
    {
        var path = PathOf(number);
        using var response = await _cached.PutAsync(new Uri(path, UriKind.Relative), content: null);
        var version = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        Api.Quotes.Acknowledge(path, long.Parse(version, CultureInfo.InvariantCulture));
    }

    /// <summary>Asks for what there is little of.</summary>
    public async Task TakeAsync()
    {
        using var response = await _limited.GetAsync(new Uri(ChaosApi.Scarce, UriKind.Relative));
        Expect(response, HttpStatusCode.NoContent);
    }

    /// <summary>Asks where the API wants to be left alone from time to time.</summary>
    public async Task AskAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ChaosApi.Told);
        if (Volatile.Read(ref _closedUntil) is { } known)
        {
            request.Headers.Add(ChaosApi.ClosedUntil, known);
        }

        using var response = await _limited.SendAsync(request);
        if (response.Headers.TryGetValues(ChaosApi.ClosedUntil, out var until))
        {
            Volatile.Write(ref _closedUntil, until.Single());
        }
        else
        {
            Expect(response, HttpStatusCode.NoContent);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // Each node has keys of its own: what it has changed, it must not see any more.
    private string PathOf(int number) => $"/{Environment.ProcessId}.{GetHashCode()}/{number % Quotes}";

    private HttpClient Client(string name)
    {
        var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
        client.BaseAddress = new Uri("http://api.test/");
        return client;
    }

    private static void Expect(HttpResponseMessage response, HttpStatusCode status)
    {
        if (response.StatusCode != status && response.StatusCode != HttpStatusCode.TooManyRequests)
        {
            throw new InvalidOperationException($"The API does not answer {(int)response.StatusCode}.");
        }
    }
}
