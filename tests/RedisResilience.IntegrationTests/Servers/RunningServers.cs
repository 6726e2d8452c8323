using System.Collections.Concurrent;
using System.Diagnostics;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>The last line of defence: whatever a failed test left running is stopped with the test run.</summary>
public static class RunningServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentBag<Process> Started = [];

    static RunningServers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll();

    public static void Add(Process process) => Started.Add(process);

    /// <summary>Starts a server and waits until it says a word. What it says later is read and dropped, so that it never blocks on a full
    /// pipe.</summary>
    public static async Task<Process> StartAsync(ProcessStartInfo start, string word)
    {
        var process = Process.Start(start)!;
        Add(process);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"{start.FileName} ended before it was ready."));
            }
            else if (line.Data.Contains(word, StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(Patience);
        return process;
    }

    /// <summary>Stops what still runs. No fixture of this folder does it: that would be when the tests of this folder have ended.</summary>
    public static void StopAll()
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
