using System.Diagnostics;
using System.Globalization;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.RateLimiting;

/// <summary>
/// Four processes of twelve callers on one key, of which two are killed, while scripts are flushed and connections killed: no permit is
/// granted twice, and of those that are granted only what died with its process was heard by nobody.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class KilledProcessesTests
{
    private const int Processes = 4;

    // What a killed process may have been given and not said: two permits for each caller, or a batch.
    private const int UnsaidByAKilledProcess = 100 + 24;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private int _granted;

    public static IEnumerable<string> Limits => GrantingCallers.Limits.Keys;

    [TestCaseSource(nameof(Limits))]
    public async Task NoPermitIsGrantedTwice(string limit)
    {
        await using var server = await TestServer.StartAsync(ServerKind.Redis);
        var processes = Enumerable.Range(0, Processes).Select(_ => Start(server.ConnectionString, limit)).ToArray();
        try
        {
            await Task.WhenAll(processes.Select(async process =>
                Assert.That(await process.StandardOutput.ReadLineAsync().WaitAsync(Patience), Is.EqualTo("ready"))));
            var ends = processes.Select(ReadAsync).ToArray();
            foreach (var process in processes)
            {
                await process.StandardInput.WriteLineAsync();
                await process.StandardInput.FlushAsync();
            }

            await GrantedAsync(GrantingCallers.Permits / 10);
            processes[0].Kill();
            await RedisCommandLine.RunAsync(server.Port, "SCRIPT", "FLUSH");
            await GrantedAsync(GrantingCallers.Permits / 4);
            processes[1].Kill();
            await RedisCommandLine.RunAsync(server.Port, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            await Task.WhenAll(ends).WaitAsync(Patience);
        }
        finally
        {
            foreach (var process in processes.Where(process => !process.HasExited))
            {
                process.Kill();
            }
        }

        // A connection that is cut takes with it the replies that were on their way.
        Assert.That(_granted, Is.LessThanOrEqualTo(GrantingCallers.Permits));
        Assert.That(_granted, Is.GreaterThanOrEqualTo(GrantingCallers.Permits - (Processes * UnsaidByAKilledProcess)));
        await TestContext.Out.WriteLineAsync($"{_granted} of {GrantingCallers.Permits} were said");
    }

    private static Process Start(string connectionString, string limit)
    {
        var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            ["exec", typeof(KilledProcessesTests).Assembly.Location, connectionString, "killed", limit, GrantingCallers.Mode])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        RunningServers.Add(process);
        return process;
    }

    // To its end, or until it is denied.
    private async Task ReadAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line && line != GrantingCallers.Denied)
        {
            Interlocked.Add(ref _granted, int.Parse(line, CultureInfo.InvariantCulture));
        }
    }

    private async Task GrantedAsync(int permits)
    {
        for (var began = Stopwatch.GetTimestamp(); Volatile.Read(ref _granted) < permits;)
        {
            Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Patience));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
