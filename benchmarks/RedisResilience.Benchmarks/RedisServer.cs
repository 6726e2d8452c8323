using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RedisResilience.Benchmarks;

/// <summary>A <c>redis-server</c> of our own on a free port of 127.0.0.1, which keeps nothing on disk and ends with this process.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly string[] _arguments;
    private readonly PosixSignalRegistration[] _signals;
    private Process _process;

    private RedisServer(int port, string[] more)
    {
        Port = port;
        _arguments = ["--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no", "--logfile", "/dev/null", .. more];
        _process = Process.Start("redis-server", _arguments);
        _signals = [OnSignal(PosixSignal.SIGINT), OnSignal(PosixSignal.SIGTERM)];
    }

    public int Port { get; }

    public string Endpoint => $"127.0.0.1:{Port}";

    public static bool IsInstalled => Environment.GetEnvironmentVariable("PATH")!
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public static RedisServer Start(params string[] more) => new(FreePort(), more);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until it takes connections: it does so a moment after it was started.</summary>
    public async Task WaitUntilUpAsync()
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Starts it again on its port, after it was killed, with nothing in it.</summary>
    public void Restart()
    {
        _process.Dispose();
        _process = Process.Start("redis-server", _arguments);
    }

    /// <summary>Sends a signal by its name, such as STOP.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
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
