using System.Collections.Concurrent;
using System.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>A web program from a page: built against the packages, and running until it is disposed.</summary>
internal sealed class WebProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private WebProgram(Process process) => _process = process;

    public string Log => string.Join('\n', _log);

    public static async Task<WebProgram> StartAsync(TemporaryFolder folder, string[] packages, string code, int port, string redis)
    {
        await ConsumerApp.WriteAsync(folder, SharedPackages.Packed, "Microsoft.NET.Sdk.Web", packages, code);
        await ConsumerApp.BuildAsync(folder);
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine("out", "Consumer.dll"), "--urls", $"http://127.0.0.1:{port}"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
            Environment = { ["REDIS_URL"] = redis },
        };
        var program = new WebProgram(Process.Start(start)!);
        RunningServers.Add(program._process);
        program._process.OutputDataReceived += (_, line) => program._log.Enqueue(line.Data ?? "");
        program._process.BeginOutputReadLine();
        await program.SaysAsync("Application started");
        if (code.Contains("AddRedisResilience", StringComparison.Ordinal))
        {
            await program.SaysAsync("is in use");
        }

        return program;
    }

    public Task SaysAsync(string word) => Until.TrueAsync(() => Log.Contains(word, StringComparison.Ordinal), () => $"{word}\n{Log}");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
