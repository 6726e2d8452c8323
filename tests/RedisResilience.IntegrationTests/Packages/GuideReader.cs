using System.Diagnostics;
using System.Text.RegularExpressions;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Packages;

/// <summary>A newcomer who does what the guide says, and compares what is printed with what the guide says is printed. The Redis of the
/// tests takes the place of Docker's, and free ports take the place of 5000 and 6379.</summary>
/// <param name="packages">What the reader has added to the project before.</param>
internal sealed partial class GuideReader(params string[] packages) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestServer _redis = TestServer.NotStarted(ServerKind.Redis);
    private readonly HttpClient _client = new();
    private readonly List<string> _packages = [.. packages];
    private readonly int _port = FreePort.Next();
    private WebProgram? _program;
    private string? _code;
    private string _printed = "";

    private string Address => $"127.0.0.1:{_port}";

    public async Task FollowAsync(GuideBlock block)
    {
        switch (block.Language)
        {
            case "csharp":
                _code = Here(block.Text);
                break;
            case "text":
                await CompareAsync(block);
                break;
            case "bash":
                for (var at = 0; at < block.Lines.Length; at++)
                {
                    await DoAsync(block.Lines[at], isRepeated: at + 1 < block.Lines.Length && block.Lines[at + 1] == block.Lines[at]);
                }

                break;
        }
    }

    /// <summary>Builds a program that the page does not start.</summary>
    public async Task EndAsync()
    {
        if (_code is { } code)
        {
            await ConsumerApp.WriteAsync(_folder, SharedPackages.Packed, "Microsoft.NET.Sdk.Web", [.. _packages], code);
            await ConsumerApp.BuildAsync(_folder);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _redis.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task DoAsync(string line, bool isRepeated)
    {
        const string add = "dotnet add package ";
        const string execute = "docker exec redis redis-cli ";
        if (line.StartsWith(add, StringComparison.Ordinal))
        {
            _packages.Add(line[add.Length..]);
        }
        else if (line.StartsWith("docker run", StringComparison.Ordinal))
        {
            await _redis.StartAsync();
        }
        else if (line == "docker stop redis")
        {
            // The guide says to wait until the limit lets the reader in again.
            await Until.TrueAsync(IsLetInAsync, () => "The limit stays closed.");
            await _redis.KillAsync();
        }
        else if (line.StartsWith(execute, StringComparison.Ordinal))
        {
            await using var redis = await _redis.ConnectAsync();
            var words = line[execute.Length..].Split(' ');
            _printed += $"{await redis.GetDatabase().ExecuteAsync(words[0], [.. words[1..]])}\n";
        }
        else if (line.Contains("curl", StringComparison.Ordinal))
        {
            await StartAsync();
            var printed = await ShellAsync(Here(line));
            _printed += printed + "\n";
            if (isRepeated)
            {
                // Who asks twice is shown a hit. A response is sent before it is stored, and a test is quicker than a reader.
                await Until.TrueAsync(IsStoredAsync, () => "Nothing is stored.");
            }
        }
    }

    // Each program of the guide is started again before it is asked.
    private async Task StartAsync()
    {
        if (_code is not { } code)
        {
            return;
        }

        await StopAsync();
        if (!_redis.IsRunning)
        {
            await _redis.StartAsync();
        }

        _program = await WebProgram.StartAsync(_folder, [.. _packages], code, _port, _redis.ConnectionString);
        _code = null;
    }

    private async Task CompareAsync(GuideBlock expected)
    {
        if (_printed.Length == 0)
        {
            await _program!.SaysAsync(Here(expected.Text));
            return;
        }

        var printed = new Queue<string>(_printed.Split('\n').Select(Timeless));
        foreach (var line in expected.Lines.Select(Timeless))
        {
            while (printed.TryPeek(out var next) && next != line)
            {
                printed.Dequeue();
            }

            Assert.That(printed.TryDequeue(out _), $"{line}\nis not printed in its order:\n{_printed}");
        }

        _printed = "";
    }

    private async Task<bool> IsLetInAsync() => (await _client.GetAsync($"http://{Address}/quotes/AAPL")).IsSuccessStatusCode;

    private async Task<bool> IsStoredAsync()
    {
        await using var redis = await _redis.ConnectAsync();
        var keys = (string[])(await redis.GetDatabase().ExecuteAsync("KEYS", "*"))!;
        return keys.Any(key => !key.StartsWith("ratelimit:", StringComparison.Ordinal)
            && !key.StartsWith("redisresilience:", StringComparison.Ordinal) && !key.EndsWith(":lease", StringComparison.Ordinal));
    }

    private async Task StopAsync()
    {
        if (_program is { } program)
        {
            await program.DisposeAsync();
        }
    }

    private string Here(string text) => text
        .Replace("localhost:5000", Address, StringComparison.Ordinal)
        .Replace("localhost:6379", _redis.ConnectionString, StringComparison.Ordinal);

    private static async Task<string> ShellAsync(string line)
    {
        var start = new ProcessStartInfo(ProgramPath.Find("bash"), ["-c", line]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        RunningServers.Add(process);
        return (await process.StandardOutput.ReadToEndAsync()).ReplaceLineEndings("\n");
    }

    // Seconds that have passed by the time when somebody asks.
    private static string Timeless(string line) => Seconds().Replace(line, "s");

    [GeneratedRegex(@"(?<=Retry-After: |\bt=|\bttl=)\d+")]
    private static partial Regex Seconds();
}
