using System.Globalization;
using System.Net;
using RedisResilience.Gateway.ConnectionStrings;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>Reads <c>host</c>, <c>host:port</c> and <c>[IPv6]:port</c>.</summary>
internal static class RedisEndpoint
{
    internal static EndPoint Parse(string text, int number, int defaultPort)
    {
        if (text.Contains('@') || text.Contains('/'))
        {
            throw new MalformedConnectionStringException(
                $"Endpoint {number} has an '@' or a '/'. User and password go into the options 'user' and 'password', or into a "
                    + $"redis:// URL.");
        }

        var hostEnd = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':');
        var host = hostEnd < 0 ? text : text[..hostEnd];
        var port = ParsePort(text.AsSpan(host.Length), number, defaultPort);
        return Uri.CheckHostName(host) switch
        {
            UriHostNameType.Dns => new DnsEndPoint(host, port),
            UriHostNameType.IPv4 or UriHostNameType.IPv6 => new IPEndPoint(IPAddress.Parse(host), port),
            _ => throw new MalformedConnectionStringException(
                $"The host of endpoint {number} is not a host name, an IPv4 address, or an IPv6 address in brackets."),
        };
    }

    internal static string HostOf(EndPoint endpoint) => endpoint switch
    {
        DnsEndPoint dns => dns.Host,
        IPEndPoint ip => ip.Address.ToString(),
        _ => "",
    };

    private static int ParsePort(ReadOnlySpan<char> suffix, int number, int defaultPort)
    {
        if (suffix.IsEmpty)
        {
            return defaultPort;
        }

        return suffix[0] == ':'
            && int.TryParse(suffix[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > IPEndPoint.MinPort and <= IPEndPoint.MaxPort
            ? port
            : throw new MalformedConnectionStringException(
                $"The port of endpoint {number} is not a number from 1 to {IPEndPoint.MaxPort}. An IPv6 address needs brackets.");
    }
}
