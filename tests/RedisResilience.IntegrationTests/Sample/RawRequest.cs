using System.Net.Sockets;
using System.Text;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>Requests byte by byte as a test has them: a client of .NET would put right what is wrong with an address.</summary>
internal static class RawRequest
{
    /// <summary>The status of the response.</summary>
    public static async Task<int> SendAsync(Uri server, string method, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var status = await reader.ReadLineAsync() ?? throw new IOException("There was no response.");
        return int.Parse(status.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
