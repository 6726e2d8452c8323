using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Caching;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Connection;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks;

/// <summary>One server and two clients of it: the library, and the bare client with exactly the settings that the library gives its
/// own.</summary>
/// <remarks>
/// A multiplexer each: on a shared one, both sides would run through one connection's state, and neither could be told apart in a profile.
/// Whether two equal multiplexers are equally fast is not assumed but measured: <see cref="ConnectAsync"/> makes the control's.
/// </remarks>
internal sealed class Workbench : IAsyncDisposable
{
    public const string CacheKey = "predictions:v1:AAPL";
    public const string LimiterKey = "198.51.100.7";
    /// <summary>Enough of them that no two calls under way have the same.</summary>
    public static readonly string[] LimiterKeys =
        [LimiterKey, .. Enumerable.Range(0, 4096).Select(key => $"198.51.{key / 250}.{key % 250}")];

    public const int BodySize = 4096;

    /// <summary>Never exhausted: a denied call would be a shorter script.</summary>
    public static readonly FixedWindow Limit = RateLimit.FixedWindow(int.MaxValue, TimeSpan.FromHours(1));

    // On a starved machine a call may take longer than the default deadline; it shall be measured all the same, and not end as a miss.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly RedisServer _server;
    private readonly ServiceProvider _services;
    private readonly List<ConnectionMultiplexer> _multiplexers = [];

    private Workbench(RedisServer server)
    {
        _server = server;
        _services = new ServiceCollection()
            .AddRedisResilience(server.Endpoint, options => options.CommandDeadline = options.MaximumCommandDeadline = Deadline)
            .Services.BuildServiceProvider();
    }

    public IRateLimiter Limiter => _services.GetRequiredService<IRateLimiter>();

    public IResponseCache Cache => _services.GetRequiredService<IResponseCache>();

    public static async Task<Workbench> SetUpAsync()
    {
        var bench = new Workbench(RedisServer.Start());
        await bench._services.GetRequiredService<IRedisStatus>().WaitUntilAvailableAsync();
        await bench.Cache.SetAsync(CacheKey, new byte[BodySize], TimeSpan.FromHours(1));
        return bench;
    }

    public string Endpoint => _server.Endpoint;

    /// <summary>Connects one more bare client.</summary>
    public async Task<IDatabase> ConnectAsync(bool isAdministrator = false)
    {
        var settings = ClientSettings.Harden(ConfigurationOptions.Parse(_server.Endpoint), Deadline);
        settings.AllowAdmin = isAdministrator;
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(settings);
        _multiplexers.Add(multiplexer);
        return multiplexer.GetDatabase();
    }

    /// <summary>Kills the server and waits until the library has noticed.</summary>
    public async Task KillServerAsync()
    {
        _server.Kill();
        var status = _services.GetRequiredService<IRedisStatus>();
        while (status.Current.Availability != RedisAvailability.Unavailable)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var multiplexer in _multiplexers)
        {
            await multiplexer.DisposeAsync();
        }

        _server.Dispose();
    }
}
