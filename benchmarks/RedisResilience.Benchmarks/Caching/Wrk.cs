using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>The load: <c>wrk</c>, one thread and 16 connections, a process of its own.</summary>
internal static partial class Wrk
{
    private const int Connections = 16;

    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")!
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <returns>How many requests were answered, and how many of them a second.</returns>
    public static async Task<(long Requests, double PerSecond)> RunAsync(string address, int seconds)
    {
        using var process = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", address])
        {
            RedirectStandardOutput = true,
        })!;
        var report = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (report.Contains("Non-2xx", StringComparison.Ordinal) || report.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Some requests failed:{Environment.NewLine}{report}");
        }

        return (
            long.Parse(Requests().Match(report).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            double.Parse(PerSecond().Match(report).Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();
}
