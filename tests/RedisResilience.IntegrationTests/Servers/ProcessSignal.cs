using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>Freezes, thaws and asks a process to end, which .NET itself cannot.</summary>
internal static class ProcessSignal
{
    private const int Interruption = 2;
    private const int Termination = 15;

    // The numbers differ between Linux and macOS.
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    public static void Freeze(Process process) => Send(process, Stop);

    public static void Thaw(Process process) => Send(process, Continue);

    /// <summary>SIGINT, as Ctrl+C sends it.</summary>
    public static void Interrupt(Process process)
    {
        if (IsIgnored(Interruption))
        {
            Assert.Ignore("A shell has started the tests in the background, where they and all that they start ignore SIGINT.");
        }

        Send(process, Interruption);
    }

    /// <summary>SIGTERM, as a container's host sends it.</summary>
    public static void Terminate(Process process) => Send(process, Termination);

    private static void Send(Process process, int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no such signals.");
        }

        if (Kill(process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"The signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static bool IsIgnored(int signal)
    {
        const string ignored = "SigIgn:";
        var line = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(ignored, StringComparison.Ordinal))
            : null;
        return line is not null
            && ((long.Parse(line[ignored.Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture)
                >> (signal - 1)) & 1) != 0;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
