using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Predictions.Startup;

/// <summary>Where the sample will listen: a free port of 127.0.0.1 that is held from now on, so that the address can be said before
/// anything else.</summary>
internal static class ReservedAddress
{
    public static string Reserve(IWebHostBuilder host)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var own = (IPEndPoint)socket.LocalEndPoint!;
        var address = $"http://{own}";
        host.UseUrls(address);
        host.ConfigureServices(services => services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket =
            endpoint => own.Equals(endpoint) ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint)));
        return address;
    }
}
