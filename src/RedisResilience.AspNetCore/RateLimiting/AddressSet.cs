using System.Net;
using System.Net.Sockets;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Addresses and networks, such as those of an allow list.</summary>
internal sealed class AddressSet(IEnumerable<string> texts)
{
    private readonly IPNetwork[] _networks =
        [.. texts.Select(text => Parse(text) ?? throw new FormatException($"'{text}' is neither an address nor a network."))];

    /// <summary>Whether the address of a connection's client is in the set. False when the connection has no address.</summary>
    public bool Contains(IPAddress? address)
    {
        if (_networks.Length == 0 || address is null)
        {
            return false;
        }

        var folded = ClientAddress.Fold(address);
        return Array.Exists(_networks, network => network.Contains(folded));
    }

    /// <summary>Reads a network, such as <c>10.0.0.0/8</c>, or one address. Null if the text is neither.</summary>
    public static IPNetwork? Parse(string? text)
    {
        var network = IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32)
            : IPNetwork.TryParse(text, out var parsed) ? parsed
            : (IPNetwork?)null;
        return network is { } known && IsPlain(known.BaseAddress, text!) ? known : null;
    }

    // To the platform "10" is the address 0.0.0.10; and no client has an IPv4-mapped address, for they are folded.
    private static bool IsPlain(IPAddress address, string text) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? !address.IsIPv4MappedToIPv6
        : text.Split('/')[0] == address.ToString();
}
