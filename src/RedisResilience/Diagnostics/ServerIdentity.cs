using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RedisResilience.Diagnostics;

/// <summary> The identity of a Redis in logs, metrics and spans: its name in the application, and its first endpoint. </summary>
internal sealed record ServerIdentity(string? Name, string Address, int? Port, int Database, string Endpoints)
{
    private const int DefaultPort = 6379;

    /// <summary>The text that follows the word Redis in a sentence.</summary>
    public string Description => Name is null ? $"at {Endpoints}" : $"'{Name}' at {Endpoints}";

    /// <summary>The number of the database, as a name.</summary>
    public string Namespace { get; } = Database.ToString(CultureInfo.InvariantCulture);

    /// <summary>The port as a tag's value, boxed once and not for each command.</summary>
    private object? PortTag { get; } = Port;

    /// <param name="name">Its name. Null for the one without.</param>
    /// <param name="endPoints">Where it is.</param>
    /// <param name="database">The number of the database.</param>
    public static ServerIdentity Of(string? name, IReadOnlyList<EndPoint> endPoints, int database)
    {
        var (address, port) = endPoints.Count == 0 ? ("unknown", null) : Parts(endPoints[0]);
        return new ServerIdentity(name, address, port, database, string.Join(", ", endPoints.Select(Format)));
    }

    /// <summary>Adds what OpenTelemetry's conventions say of the server of a database, and its name if it has one.</summary>
    public void AddTo(ref TagList tags)
    {
        tags.Add("server.address", Address);
        if (PortTag is { } port)
        {
            tags.Add("server.port", port);
        }

        if (Name is not null)
        {
            tags.Add("redis_resilience.name", Name);
        }
    }

    /// <summary>The tags of the server, and one more.</summary>
    public TagList Tags(string tag, string value)
    {
        var tags = new TagList { { tag, value } };
        AddTo(ref tags);
        return tags;
    }

    private static (string Address, int? Port) Parts(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => (dns.Host, dns.Port == 0 ? DefaultPort : dns.Port),
        IPEndPoint ip => (ip.Address.ToString(), ip.Port == 0 ? DefaultPort : ip.Port),
        _ => (endPoint.ToString() ?? "", null),
    };

    private static string Format(EndPoint endPoint)
    {
        var (address, port) = Parts(endPoint);
        return port is null ? address
            : endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? string.Create(CultureInfo.InvariantCulture, $"[{address}]:{port}")
            : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
    }
}
