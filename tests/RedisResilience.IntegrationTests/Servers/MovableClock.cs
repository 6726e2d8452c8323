using System.Diagnostics;
using System.Security.Cryptography;
using RedisResilience.IntegrationTests.Packages;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>
/// The wall clock of one server, which a test moves while the server runs. Its monotonic clock goes on as it is, as when somebody sets
/// the time of a machine.
/// </summary>
/// <remarks>
/// A library that is preloaded into the server, built by gcc from <c>movable_clock.c</c>: on Linux, where there is a gcc.
/// </remarks>
public sealed class MovableClock : IDisposable
{
    private static readonly Lazy<Task<string>> Library = new(BuildAsync);

    private readonly TemporaryFolder _folder = new();
    private readonly FileStream _offset;
    private readonly string _library;

    private MovableClock(string library)
    {
        _library = library;
        _offset = new FileStream(_folder["offset"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        MoveTo(TimeSpan.Zero);
    }

    /// <summary>How far it is ahead of this machine's clock.</summary>
    public TimeSpan Offset { get; private set; }

    public static async Task<MovableClock> CreateAsync() => new(await Library.Value);

    /// <summary>Steps forth, or back. The server's next command sees it.</summary>
    public void Move(TimeSpan by) => MoveTo(Offset + by);

    /// <summary>Steps to a time apart from this machine's clock.</summary>
    public void MoveTo(TimeSpan offset)
    {
        RandomAccess.Write(_offset.SafeFileHandle, BitConverter.GetBytes(offset.Ticks / TimeSpan.TicksPerMicrosecond), fileOffset: 0);
        Offset = offset;
    }

    /// <summary>Makes a program go by this clock.</summary>
    public void Set(ProcessStartInfo start)
    {
        start.Environment["LD_PRELOAD"] = _library;
        start.Environment["MOVABLE_CLOCK"] = _offset.Name;
    }

    public void Dispose()
    {
        _offset.Dispose();
        _folder.Dispose();
    }

    // Beside the tests and by the name of its source, so that it is built once for each state of the source.
    private static async Task<string> BuildAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            Assert.Ignore("A server's clock can be moved on a Linux of 64 bits only.");
        }

        var source = Path.Combine(AppContext.BaseDirectory, "Servers", "movable_clock.c");
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(source)))[..16];
        var library = Path.Combine(AppContext.BaseDirectory, $"movable_clock-{digest}.so");
        if (!File.Exists(library))
        {
            // Under another name first: tests of another process may look for it, too.
            var building = $"{library}.{Environment.ProcessId}";
            using var compiler = Process.Start(new ProcessStartInfo(
                ProgramPath.Find("gcc"),
                ["-O1", "-Wall", "-Wextra", "-Werror", "-Wno-nonnull-compare", "-shared", "-fPIC", "-o", building, source])
            {
                RedirectStandardError = true,
            })!;
            var said = await compiler.StandardError.ReadToEndAsync();
            await compiler.WaitForExitAsync();
            Assert.That(compiler.ExitCode, Is.Zero, said);
            File.Move(building, library, overwrite: true);
        }

        return library;
    }
}
