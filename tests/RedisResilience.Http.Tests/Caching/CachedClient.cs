using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching;

namespace RedisResilience.Http.Tests.Caching;

/// <summary>A client whose responses are cached in memory, by a clock that a test moves.</summary>
internal sealed class CachedClient : IDisposable
{
    private static readonly Uri Base = new("http://api.test/quotes/AAPL");

    private readonly ServiceProvider _services;

    public CachedClient(Action<HttpCacheOptions>? configure = null, Action<IHttpClientBuilder>? more = null, IResponseCache? store = null)
    {
        Store = store ?? new InMemoryResponseCache(Time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Store);
        var client = services.AddHttpClient("quotes").ConfigurePrimaryHttpMessageHandler(() => Origin).AddRedisResilienceCache(configure);
        more?.Invoke(client);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("quotes");
        Client.BaseAddress = Base;
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    public FakeOrigin Origin { get; } = new();

    public IResponseCache Store { get; }

    public HttpClient Client { get; }

    /// <summary>Sends a request and tells what came: its status, its body, and what the cache says of it.</summary>
    public async Task<Got> GetAsync(string uri = "", params string[] fields)
    {
        using var response = await SendAsync(HttpMethod.Get, uri, fields);
        return await Got.OfAsync(response);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string uri = "", params string[] fields) =>
        Client.SendAsync(Request(method, uri, fields));

    public static HttpRequestMessage Request(HttpMethod method, string uri = "", params string[] fields)
    {
        var request = new HttpRequestMessage(method, new Uri(uri, UriKind.RelativeOrAbsolute));
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':');
            request.Headers.TryAddWithoutValidation(field[..colon], field[(colon + 1)..].Trim());
        }

        return request;
    }

    public void Pass(int seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        Client.Dispose();
        _services.Dispose();
    }
}
