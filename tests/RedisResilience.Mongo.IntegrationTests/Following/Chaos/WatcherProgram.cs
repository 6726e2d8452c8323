using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>What this assembly does as a process of its own: it watches, until it is killed.</summary>
internal static class WatcherProgram
{
    /// <summary>
    /// Says <c>watching</c> when it does. Each line that it is given names the step before which it is to stop; it says <c>armed</c>, and
    /// the step when it stands before it.
    /// </summary>
    /// <param name="arguments">Redis, MongoDB, the database, and the step at which to stop from the beginning, if there is one.</param>
    public static async Task<int> Main(string[] arguments)
    {
        var arm = new Action<WatcherStep>(_ => { });
        await using var deployment = new Deployment(
            arguments[0], arguments[1], arguments[2], follows: true, ChaosRun.Configure, cache => SteppingCache.Around(cache, out arm));
        if (arguments.Length > 3)
        {
            arm(Enum.Parse<WatcherStep>(arguments[3]));
        }

        await deployment.Status.WaitUntilAvailableAsync();
        await deployment.StartWatchingAsync();
        _ = Task.Run(() => SayWatchingAsync(deployment));
        while (await Console.In.ReadLineAsync() is { } step)
        {
            arm(Enum.Parse<WatcherStep>(step));
            Console.WriteLine("armed");
        }

        return 0;
    }

    private static async Task SayWatchingAsync(Deployment deployment)
    {
        while (!deployment.Events.Contains(100))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        Console.WriteLine("watching");
    }
}
