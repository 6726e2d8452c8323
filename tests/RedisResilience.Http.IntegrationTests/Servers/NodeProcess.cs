using System.Diagnostics;
using System.Globalization;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.Http.IntegrationTests.Servers;

/// <summary>A process of <see cref="NodeProgram"/>.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    public NodeProcess(string connectionString, Uri api, string limit)
    {
        _process = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", typeof(NodeProcess).Assembly.Location, connectionString, api.ToString(), limit])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        RunningServers.Add(_process);
    }

    public async Task ReadyAsync() => Assert.That(await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience), Is.EqualTo("ready"));

    /// <summary>Lets it begin, or end.</summary>
    public async Task GoAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>How many of its calls were answered, once it has been told to end.</summary>
    public async Task<int> AnsweredAsync() =>
        int.Parse((await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!, CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
