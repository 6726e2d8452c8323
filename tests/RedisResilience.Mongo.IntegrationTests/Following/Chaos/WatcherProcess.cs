using System.Diagnostics;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>A process of <see cref="WatcherProgram"/>.</summary>
internal sealed class WatcherProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HashSet<string> _said = [];

    public WatcherProcess(string redis, string mongo, string database, WatcherStep? step = null)
    {
        string[] arguments = ["exec", typeof(WatcherProcess).Assembly.Location, redis, mongo, database];
        _process = Process.Start(new ProcessStartInfo("dotnet", step is null ? arguments : [.. arguments, $"{step}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        RunningProcesses.Add(_process);
    }

    public Task UntilWatchingAsync() => UntilSaysAsync("watching");

    /// <summary>Until it stands before that step.</summary>
    public Task UntilAtAsync(WatcherStep step) => UntilSaysAsync($"{step}");

    public async Task StopBeforeAsync(WatcherStep step)
    {
        await _process.StandardInput.WriteLineAsync($"{step}");
        await _process.StandardInput.FlushAsync();
        await UntilSaysAsync("armed");
    }

    /// <summary>SIGKILL: nothing of it is done after this.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task UntilSaysAsync(string text)
    {
        while (!_said.Contains(text))
        {
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            Assert.That(line, Is.Not.Null, "The watcher has ended.");
            _said.Add(line!);
        }
    }
}
