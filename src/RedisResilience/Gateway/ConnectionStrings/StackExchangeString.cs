using System.Net.Sockets;
using RedisResilience.Gateway.ConnectionStrings;
using StackExchange.Redis;

namespace RedisResilience.Gateway.ConnectionStrings;

/// <summary>StackExchange.Redis' own format: endpoints and <c>name=value</c> options between commas.</summary>
/// <remarks>StackExchange.Redis drops an endpoint that it cannot read and takes nearly any text for a host name, so the endpoints are read
/// here.</remarks>
internal static class StackExchangeString
{
    private const int PortOfTheClient = 0;

    internal static ConfigurationOptions Parse(string text)
    {
        var endpoints = new EndPointCollection();
        var settings = new List<string>();
        var followsPassword = false;

        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.IndexOf('=') > 0)
            {
                settings.Add(part);
                followsPassword = ConnectionStringOptions.IsPassword(part);
                continue;
            }

            // Not an endpoint but the rest of a password, which would go out to the DNS and into logs as a host name.
            if (followsPassword && endpoints.Count > 0)
            {
                throw new MalformedConnectionStringException(ConnectionStringOptions.CommaInPassword);
            }

            endpoints.TryAdd(part is ['!', _, ..]
                ? new UnixDomainSocketEndPoint(part[1..])
                : RedisEndpoint.Parse(part, endpoints.Count + 1, PortOfTheClient));
        }

        if (endpoints.Count == 0)
        {
            throw new MalformedConnectionStringException("The connection string names no endpoint.");
        }

        var options = ConnectionStringOptions.Parse(settings);
        foreach (var endpoint in endpoints)
        {
            options.EndPoints.Add(endpoint);
        }

        return options;
    }
}
