using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Invalidations;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>What one process tells the others of its changes, and hears of theirs: late, and not always.</summary>
/// <param name="all">The news of all processes.</param>
/// <param name="random">Decides how late.</param>
internal sealed class SimulatedNews(List<SimulatedNews> all, Random random) : IInvalidationPublisher
{
    private IInvalidationListener? _listener;

    public void Listen(IInvalidationListener listener, IReadOnlyList<string> prefixes)
    {
        _listener = listener;
        lock (all)
        {
            all.Add(this);
        }

        listener.Trust(LocalTierMode.Messages);
    }

    public void Publish(string key)
    {
        lock (all)
        {
            foreach (var other in all.Where(other => other != this))
            {
                _ = other.HearAsync(key, Next(12), isLost: Next(10) == 0);
            }
        }
    }

    /// <summary>Hears nothing for a while, and knows it.</summary>
    public async Task BreakAsync(int steps)
    {
        _listener?.Distrust();
        await HostileNetwork.PassAsync(steps);
        _listener?.Trust(LocalTierMode.Messages);
    }

    private async Task HearAsync(string key, int steps, bool isLost)
    {
        await HostileNetwork.PassAsync(steps);
        if (!isLost)
        {
            _listener!.Invalidate(key);
        }
    }

    private int Next(int limit)
    {
        lock (random)
        {
            return random.Next(limit);
        }
    }
}
