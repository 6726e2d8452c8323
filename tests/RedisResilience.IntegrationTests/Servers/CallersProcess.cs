using System.Diagnostics;
using System.Globalization;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A process of <see cref="CallersProgram"/>.</summary>
internal sealed class CallersProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    public CallersProcess(string connectionString, string key, string limit)
    {
        _process = Process.Start(
            new ProcessStartInfo("dotnet", ["exec", typeof(CallersProcess).Assembly.Location, connectionString, key, limit])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        RunningServers.Add(_process);
    }

    public async Task ReadyAsync() => Assert.That(await ReadAsync(), Is.EqualTo("ready"));

    /// <summary>Lets it call, and waits for what it was granted and how many calls nobody answered.</summary>
    public async Task<(int Granted, int Unanswered)> RunAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        var said = (await ReadAsync())!.Split(' ').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return (said[0], said[1]);
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
