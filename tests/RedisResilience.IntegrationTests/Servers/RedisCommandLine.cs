using System.Diagnostics;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary><c>redis-cli</c>, for what is said to one server of several, whoever it thinks it is.</summary>
internal static class RedisCommandLine
{
    public static async Task<string> RunAsync(int port, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", $"{port}", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var answer = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? answer
            : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)}: {answer} {await error}");
    }

    /// <summary>Asks until the answer is as wanted.</summary>
    public static async Task<string> UntilAsync(int port, Func<string, bool> isWanted, params IEnumerable<string> arguments)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var answer = await RunAsync(port, arguments);
            if (isWanted(answer))
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
