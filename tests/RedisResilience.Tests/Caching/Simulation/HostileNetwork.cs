using RedisResilience.Gateway;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>Takes any time, and loses requests and replies; a request whose caller has given up may still be executed, later.</summary>
internal sealed class HostileNetwork(Random random, int lossPercent) : ISimulatedNetwork
{
    private const int MostSteps = 6;

    public async ValueTask<Answer<T>> SendAsync<T>(Func<T> command)
    {
        int there, back, fate;
        lock (random)
        {
            there = random.Next(MostSteps);
            back = random.Next(MostSteps);
            fate = random.Next(300);
        }

        await PassAsync(there);
        if (fate < lossPercent)
        {
            return new Answer<T>(Fault.DeadlineExceeded);
        }

        if (fate < lossPercent * 2)
        {
            _ = ExecuteLateAsync(command, back * 2);
            return new Answer<T>(Fault.DeadlineExceeded);
        }

        var reply = command();
        await PassAsync(back);
        return fate < lossPercent * 3 ? new Answer<T>(Fault.DeadlineExceeded) : new Answer<T>(reply);
    }

    public static async Task PassAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await Task.Yield();
        }
    }

    private static async Task ExecuteLateAsync<T>(Func<T> command, int steps)
    {
        await PassAsync(steps);
        command();
    }
}
