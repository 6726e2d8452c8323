using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RedisResilience.Benchmarks;

/// <summary>A <c>redis-server</c> of our own on a free port of 127.0.0.1, which keeps nothing on disk and ends with this process.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Process _process;
    private readonly PosixSignalRegistration[] _signals;

    private RedisServer(Process process, string endpoint)
    {
        _process = process;
        Endpoint = endpoint;
        _signals = [OnSignal(PosixSignal.SIGINT), OnSignal(PosixSignal.SIGTERM)];
    }

    public string Endpoint { get; }

    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")!
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public static RedisServer Start(params string[] more)
    {
        var port = FreePort();
        return new RedisServer(
            Process.Start("redis-server", ["--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no", "--logfile", "/dev/null", .. more]),
            $"127.0.0.1:{port}");
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        Kill();
        _process.Dispose();
    }

    private PosixSignalRegistration OnSignal(PosixSignal signal) => PosixSignalRegistration.Create(signal, _ => _process.Kill());
}
