using System.Diagnostics;
using Predictions.Embedded;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>How each kind of server is started.</summary>
internal static class ServerProgram
{
    /// <param name="kind">The program.</param>
    /// <param name="port">Where it shall listen.</param>
    /// <param name="password">What it shall ask for.</param>
    /// <param name="more">Arguments of redis-server; a later one wins.</param>
    public static ProcessStartInfo Describe(ServerKind kind, int port, string? password, params IEnumerable<string> more)
    {
        var start = kind == ServerKind.Redis ? new ProcessStartInfo(FindRedis()) : new ProcessStartInfo("dotnet");
        IEnumerable<string> arguments = kind == ServerKind.Redis
            ? ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--enable-debug-command", "yes"]
            : ["exec", FindGarnet(), "--port", $"{port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode",
                "--commandstats-monitor", "-m", "64m", "-i", "8m"];
        if (password is not null)
        {
            arguments = arguments.Concat(
                kind == ServerKind.Redis ? ["--requirepass", password] : ["--auth", "Password", "--password", password]);
        }

        foreach (var argument in arguments.Concat(more))
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        return start;
    }

    /// <summary>A sentinel: the same program with a file of its own, which it also writes to.</summary>
    public static ProcessStartInfo DescribeSentinel(string file) => new(FindRedis(), [file, "--sentinel"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Path.GetTempPath(),
    };

    private static string FindRedis()
    {
        // Another release, or Valkey: whatever takes redis-server's arguments.
        if (Environment.GetEnvironmentVariable("REDISRESILIENCE_SERVER") is { Length: > 0 } other)
        {
            return File.Exists(other)
                ? other
                : throw new InvalidOperationException($"REDISRESILIENCE_SERVER names {other}, and it is not there.");
        }

        return ProgramPath.Find("redis-server");
    }

    private static string FindGarnet() =>
        File.Exists(GarnetProcess.ServerPath) ? GarnetProcess.ServerPath : ProgramPath.Missing("garnet-server is not restored");
}
