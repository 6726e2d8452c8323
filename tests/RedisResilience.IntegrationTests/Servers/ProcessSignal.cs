using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>Freezes and thaws a process, which .NET itself cannot.</summary>
internal static class ProcessSignal
{
    // The numbers differ between Linux and macOS.
    private static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int Continue = OperatingSystem.IsMacOS() ? 19 : 18;

    public static void Freeze(Process process) => Send(process, Stop);

    public static void Thaw(Process process) => Send(process, Continue);

    private static void Send(Process process, int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows cannot freeze a process by a signal.");
        }

        if (Kill(process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"The signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
