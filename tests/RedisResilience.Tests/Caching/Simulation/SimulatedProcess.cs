using Moq;
using RedisResilience.Caching.Stores;
using RedisResilience.Gateway.Recovery;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>One process of a schedule: its cache, and its line to the others.</summary>
internal sealed class SimulatedProcess
{
    public SimulatedProcess(SimulatedRedis redis, ISimulatedNetwork network, RedisResilienceOptions options, SimulatedNews news)
    {
        News = news;
        Cache = RedisResponseCache.Create(
            new SimulatedGateway(redis, network), Mock.Of<IRedisRecovery>(), options, redis.Clock, news);
    }

    public ResponseCache Cache { get; }

    public SimulatedNews News { get; }
}
