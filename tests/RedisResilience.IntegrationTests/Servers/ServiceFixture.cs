using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>A service on the shared server of a kind, and a connection beside it to look at what the service has done.</summary>
public abstract class ServiceFixture(ServerKind kind)
{
    private ConnectionMultiplexer _connection = null!;

    internal ResilientService Service { get; private set; } = null!;

    /// <summary>Where the server listens.</summary>
    protected string ConnectionString { get; private set; } = "";

    protected IDatabase Database { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Connect()
    {
        var server = await SharedServers.GetAsync(kind);
        ConnectionString = server.ConnectionString;
        Service = await ResilientService.ConnectPatientlyAsync(ConnectionString);
        _connection = await server.ConnectAsync();
        Database = _connection.GetDatabase();
    }

    [OneTimeTearDown]
    public async Task Disconnect()
    {
        await Service.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
