using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisResilience.Benchmarks.Scale;

/// <summary>A cluster of masters alone: as many shards as asked for, each with its part of the slots.</summary>
internal sealed class Shards : IDisposable
{
    private const int Slots = 16384;

    private readonly List<RedisServer> _servers = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-resilience-shards-").FullName;

    public string ConnectionString => string.Join(',', _servers.Select(server => server.Endpoint));

    public static async Task<Shards> StartAsync(int count)
    {
        var shards = new Shards();
        for (var shard = 0; shard < count; shard++)
        {
            var busPort = RedisServer.FreePort();
            var server = RedisServer.Start(
                "--cluster-enabled", "yes", "--cluster-require-full-coverage", "no", "--cluster-port", $"{busPort}",
                    "--cluster-config-file", Path.Combine(shards._folder, $"{shard}.conf"), "--dir", shards._folder);
            shards._servers.Add(server);
            await UntilAsync(server, "PONG", "PING");
            await AskAsync(server, "CLUSTER", "ADDSLOTSRANGE", $"{Slots * shard / count}", $"{(Slots * (shard + 1) / count) - 1}");
            await AskAsync(server, "CLUSTER", "SET-CONFIG-EPOCH", $"{shard + 1}");
            if (shard > 0)
            {
                await AskAsync(shards._servers[0], "CLUSTER", "MEET", "127.0.0.1", server.Endpoint.Split(':')[1], $"{busPort}");
            }
        }

        foreach (var server in shards._servers)
        {
            await UntilAsync(server, $"cluster_known_nodes:{count}", "CLUSTER", "INFO");
            await UntilAsync(server, "cluster_state:ok", "CLUSTER", "INFO");
        }

        return shards;
    }

    /// <summary>Asks every shard, and reads the number behind a text of its answer; a <c>*</c> in it stands for other digits. None:
    /// zero.</summary>
    public async Task<double[]> NumbersAsync(string text, params string[] question)
    {
        var pattern = Regex.Escape(text).Replace("\\*", "[0-9]+", StringComparison.Ordinal) + "([0-9.]+)";
        return [.. (await AskEachAsync(question)).Select(answer =>
            Regex.Match(answer, pattern) is { Success: true } match
                ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
                : 0)];
    }

    public async Task<string[]> AskEachAsync(params string[] words)
    {
        var answers = new List<string>();
        foreach (var server in _servers)
        {
            answers.Add(await AskAsync(server, words));
        }

        return [.. answers];
    }

    public void KillFirst() => _servers[0].Kill();

    public void Dispose()
    {
        _servers.ForEach(server => server.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task UntilAsync(RedisServer server, string wanted, params string[] question)
    {
        while (!(await AskAsync(server, question)).Contains(wanted, StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static async Task<string> AskAsync(RedisServer server, params string[] words)
    {
        using var process = Process.Start(
            new ProcessStartInfo("redis-cli", ["-h", "127.0.0.1", "-p", server.Endpoint.Split(':')[1], .. words])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return answer;
    }
}
