using RedisResilience.Gateway;
using RedisResilience.RaceTests.Scheduling;
using RedisResilience.Tests.Caching.Simulation;

namespace RedisResilience.RaceTests.Races;

/// <summary>A line on which the scheduler decides when a command arrives and when its reply is back.</summary>
internal sealed class RacingNetwork(Interleaving run) : ISimulatedNetwork
{
    public async ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
    {
        await run.YieldAsync();
        var reply = command();
        await run.YieldAsync();
        return new Answer<T>(reply);
    }
}
