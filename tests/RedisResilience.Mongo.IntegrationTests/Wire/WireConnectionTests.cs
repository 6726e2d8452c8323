using System.Net;
using System.Net.Sockets;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>A connection of the tests' own server ends quietly, whenever it is cut.</summary>
public sealed class WireConnectionTests
{
    [Test]
    public async Task CutBeforeItIsServed_EndsQuietly()
    {
        await using var mongo = new WireReplicaSet();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var connection = new WireConnection(await listener.AcceptSocketAsync(), mongo, new WireMember(mongo));
        connection.Cut();

        Assert.That(connection.ServeAsync, Throws.Nothing);
    }
}
