using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Brings a command to the server and its reply back, or does not.</summary>
internal interface ISimulatedNetwork
{
    ValueTask<Answer<T>> SendAsync<T>(Func<T> command);

    /// <summary>The same for the rest of one request; where nothing has a deadline, that is no difference.</summary>
    ISimulatedNetwork Since(long startedAt) => this;
}
