using System.Text;
using RedisResilience.Caching;
using RedisResilience.Caching.Stores;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>One process over the simulated server, with a source that counts how often it is asked.</summary>
internal sealed class SimulatedNode
{
    public SimulatedNode(SimulatedRedis redis, Action<RedisResilienceOptions>? configure = null)
    {
        var options = new RedisResilienceOptions { MaximumVersionAge = TimeSpan.Zero };
        configure?.Invoke(options);
        Cache = Caches.Over(new SimulatedGateway(redis, Network), timeProvider: redis.Clock, options: options);
    }

    public PerfectNetwork Network { get; } = new();

    public ResponseCache Cache { get; }

    public int Asked { get; private set; }

    /// <summary>What the source does; by default it gives the number of times that it was asked.</summary>
    public Func<int, CancellationToken, ValueTask<SourceResponse>> Source { get; set; } = static (asked, _) =>
        new ValueTask<SourceResponse>(Body($"{asked}"));

    public static SourceResponse Body(string text) => new(Encoding.UTF8.GetBytes(text));

    public async Task<(CacheOutcome Outcome, string Body)> GetOrCreateAsync(
        string key, CacheEntryOptions options, CancellationToken token = default)
    {
        using var response = await Cache.GetOrCreateAsync(
            key, options, this, static (node, token) => node.Source(++node.Asked, token), token);
        return (response.Outcome, Encoding.UTF8.GetString(response.Body.Span));
    }

    public async Task<bool> HasAsync(string key)
    {
        using var response = await Cache.GetAsync(key);
        return response.IsHit;
    }
}
