using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>
/// Names a client by the address of its connection. The forwarded-headers middleware handles forwarded addresses, because it knows which
/// proxies to trust.
/// </summary>
internal static class ClientAddress
{
    /// <summary>All clients without an address (a Unix socket, an in-memory server) count together rather than not at all.</summary>
    public const string Unknown = "unknown";

    // An IPv4 client behind NAT64 (RFC 6052): its /64 would be that of all of them.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    public static string Key(IPAddress? address, int prefixLength) => address is null ? Unknown : KeyOf(Fold(address), prefixLength);

    /// <summary>
    /// First of all: a server that listens on [::] sees an IPv4 client as ::ffff:a.b.c.d, and their /64 is that of all of IPv4.
    /// </summary>
    public static IPAddress Fold(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (!Translated.Contains(address))
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return new IPAddress(bytes[12..]);
    }

    private static string KeyOf(IPAddress address, int prefixLength) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? Network(address, prefixLength) : address.ToString();

    private static string Network(IPAddress address, int prefixLength)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        for (var index = 0; index < bytes.Length; index++)
        {
            var kept = Math.Clamp(prefixLength - (8 * index), 0, 8);
            bytes[index] &= (byte)(0xFF00 >> kept);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}/{prefixLength}");
    }
}
