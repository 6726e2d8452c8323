using System.Net;
using System.Net.Sockets;

namespace Predictions.Embedded;

/// <summary>Ports of 127.0.0.1.</summary>
internal static class LoopbackPort
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(25);

    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Asks <c>PING</c> until there is an answer. Any will do: a server that wants a password is up too.</summary>
    public static async Task WaitUntilAnsweringAsync(int port, CancellationToken cancellationToken)
    {
        while (!await IsAnsweringAsync(port, cancellationToken))
        {
            await Task.Delay(BetweenAttempts, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> IsAnsweringAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient(AddressFamily.InterNetwork);
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await client.GetStream().WriteAsync("*1\r\n$4\r\nPING\r\n"u8.ToArray(), cancellationToken);
            return await client.GetStream().ReadAsync(new byte[1], cancellationToken) == 1;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
