using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Caching;

/// <summary>Several processes, each with many callers of one cold key: the source is asked once.</summary>
[TestFixture(ServerKind.Redis)]
[TestFixture(ServerKind.Garnet)]
internal sealed class OneFillerTests(ServerKind kind)
{
    private const int Processes = 4;
    private const int Callers = 250;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task FourProcessesOf250Callers_AskTheSourceOnce()
    {
        var server = await SharedServers.GetAsync(kind);
        var (key, counter) = (SharedServers.NewKey("cold"), SharedServers.NewKey("asked"));
        var processes = Enumerable.Range(0, Processes).Select(_ => Start(server.ConnectionString, key, counter, $"{Callers}")).ToArray();
        foreach (var process in processes)
        {
            Assert.That(await process.StandardOutput.ReadLineAsync().WaitAsync(Patience), Is.EqualTo("ready"));
        }

        foreach (var process in processes)
        {
            await process.StandardInput.WriteLineAsync();
        }

        foreach (var process in processes)
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(process.ExitCode, Is.Zero);
            process.Dispose();
        }

        await using var connection = await server.ConnectAsync();
        Assert.That((int)await connection.GetDatabase().StringGetDeleteAsync(counter), Is.EqualTo(1));
    }

    private static Process Start(params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(CacheCallers).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        RunningServers.Add(process);
        return process;
    }
}
