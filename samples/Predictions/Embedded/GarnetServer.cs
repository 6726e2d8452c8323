using System.Reflection;
using System.Runtime.InteropServices;

namespace Predictions.Embedded;

/// <summary>Where Garnet is, and how it is run small: in memory only, on 127.0.0.1, with Lua.</summary>
internal static class GarnetServer
{
    private static readonly string[] SmallInMemory =
        ["--bind", "127.0.0.1", "--lua", "--memory", "64m", "--page", "4m", "--index", "1m", "--index-max-size", "16m", "-q", "--logger-level", "Error"];

    /// <summary>The file that the build restored; it may be gone since.</summary>
    public static string FilePath { get; } = typeof(GarnetServer).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == nameof(GarnetServer)).Value!;

    /// <summary>Runs Garnet's own file and not <c>dotnet tool run</c>, so that there is one process to stop.</summary>
    public static IEnumerable<string> CommandLine(int port, IEnumerable<string> extraArguments) =>
        ["exec", FilePath, "--port", $"{port}", .. SmallInMemory, .. extraArguments];

    /// <summary>The host that runs this very process, found from its runtime: <c>dotnet</c> need not be on PATH.</summary>
    public static string DotnetHost { get; } = Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
