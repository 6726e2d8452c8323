using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Takes no time and loses nothing; until it is cut.</summary>
internal sealed class PerfectNetwork : ISimulatedNetwork
{
    /// <summary>Why nothing is answered; none: everything is.</summary>
    public Fault Fault { get; set; }

    public int Sent { get; private set; }

    public ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
    {
        Sent++;
        return new ValueTask<Answer<T>>(Fault == Fault.None ? new Answer<T>(command()) : new Answer<T>(Fault));
    }
}
