using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Names a client by the address of its connection. Forwarded addresses are the forwarded-headers middleware's business: it knows whom to trust.</summary>
internal static class ClientAddress
{
    /// <summary>All clients without an address (a Unix socket, an in-memory server) count together rather than not at all.</summary>
    public const string Unknown = "unknown";

    // One client commonly holds a whole /64, and could otherwise take a fresh address for every request.
    private const int PrefixBytes = 8;

    public static string Key(IPAddress? address)
    {
        if (address is null)
        {
            return Unknown;
        }

        // First of all: a server that listens on [::] sees an IPv4 client as ::ffff:a.b.c.d, and their /64 is that of all of IPv4.
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Network(address) : address.ToString();
    }

    private static string Network(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[PrefixBytes..].Clear();
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/64");
    }
}
