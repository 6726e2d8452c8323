using System.Diagnostics;
using System.Text.Json;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>A process of <see cref="ChaosProgram"/>.</summary>
internal sealed class ChaosProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChaosProcess(string connectionString, bool isThere)
    {
        _process = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", typeof(ChaosProcess).Assembly.Location, connectionString, $"{isThere}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        RunningServers.Add(_process);
    }

    /// <summary>A process whose load runs.</summary>
    public static async Task<ChaosProcess> StartAsync(string connectionString, bool isThere)
    {
        var process = new ChaosProcess(connectionString, isThere);
        Assert.That(await process.ReadAsync(), Is.EqualTo(ChaosProgram.Ready));
        return process;
    }

    public async Task TellAsync(ChaosPhase phase)
    {
        await _process.StandardInput.WriteLineAsync($"{phase}");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<ChaosReport> EndAsync()
    {
        _process.StandardInput.Close();
        return JsonSerializer.Deserialize<ChaosReport>((await ReadAsync())!)!;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private Task<string?> ReadAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
}
