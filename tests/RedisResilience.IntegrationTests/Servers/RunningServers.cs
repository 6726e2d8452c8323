using System.Collections.Concurrent;
using System.Diagnostics;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>The last line of defence: whatever a failed test left running is stopped with the test run.</summary>
[SetUpFixture]
public sealed class RunningServers
{
    private static readonly ConcurrentBag<Process> Started = [];

    static RunningServers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll();

    public static void Add(Process process) => Started.Add(process);

    [OneTimeTearDown]
    public void AfterAllTests() => StopAll();

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
