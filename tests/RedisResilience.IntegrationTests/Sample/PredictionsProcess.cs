using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Predictions.Startup;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>The sample as a user starts it: a process, its output, and in the end its exit code.</summary>
internal sealed partial class PredictionsProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PredictionsProcess(ProcessStartInfo start)
    {
        Process = Process.Start(start)!;
        RunningServers.Add(Process);
        Process.OutputDataReceived += (_, line) => Note(line.Data);
        Process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        Process.BeginOutputReadLine();
        Process.BeginErrorReadLine();
    }

    public Process Process { get; }

    /// <summary>What it has said so far.</summary>
    public string[] Lines => [.. _lines];

    public string Output => string.Join('\n', _lines);

    /// <summary>Where it says that it listens.</summary>
    public Uri Address => new(ListeningAt().Match(Output).Groups[1].Value);

    /// <summary>The embedded server, by the process that the first line names.</summary>
    public Process EmbeddedRedis =>
        Process.GetProcessById(int.Parse(EmbeddedProcess().Match(Output).Groups[1].Value, CultureInfo.InvariantCulture));

    public static PredictionsProcess Start(string? argument = null, params (string Name, string Value)[] environment)
    {
        var program = typeof(Program).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", argument is null ? ["exec", program] : ["exec", program, argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program),
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new PredictionsProcess(start);
    }

    /// <summary>Waits until it has said what to try.</summary>
    public async Task<PredictionsProcess> StartedAsync()
    {
        await _started.Task.WaitAsync(Patience);
        return this;
    }

    /// <summary>Waits until it has ended.</summary>
    public async Task<int> ExitedAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(Patience);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
            await Process.WaitForExitAsync();
        }

        Process.Dispose();
    }

    // The settings of this machine are not those of the test.
    private static bool IsSetting(string name) =>
        name is "REDIS_URL" or "MONGO_URL"
            || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
            || name.StartsWith("RedisResilience", StringComparison.Ordinal);

    private void Note(string? line)
    {
        if (line is null)
        {
            _started.TrySetException(new InvalidOperationException($"The sample ended before it listened:\n{Output}"));
            return;
        }

        _lines.Enqueue(line);
        if (line == Welcome.End)
        {
            _started.TrySetResult();
        }
    }

    [GeneratedRegex("^Listening on (http://.*)$", RegexOptions.Multiline)]
    private static partial Regex ListeningAt();

    [GeneratedRegex("^Redis: .*, process ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex EmbeddedProcess();
}
