using System.Collections.Concurrent;
using System.Diagnostics;

namespace RedisResilience.Mongo.IntegrationTests.Servers;

/// <summary>The last line of defence: whatever a failed test left running is stopped with the test run.</summary>
[SetUpFixture]
public sealed class RunningProcesses
{
    private static readonly ConcurrentBag<Process> Started = [];

    static RunningProcesses() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll();

    internal static void Add(Process process) => Started.Add(process);

    [OneTimeTearDown]
    public async Task AfterAllTests()
    {
        await MongoServers.DisposeAsync();
        StopAll();
    }

    private static void StopAll()
    {
        while (Started.TryTake(out var process))
        {
            try
            {
                process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended already, or its test has disposed it.
            }
        }
    }
}
