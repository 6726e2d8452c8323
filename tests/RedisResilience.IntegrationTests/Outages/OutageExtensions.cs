using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Outages;

/// <summary>Begins and ends an outage of a server.</summary>
internal static class OutageExtensions
{
    public static async Task BeginAsync(this TestServer server, Outage outage)
    {
        switch (outage)
        {
            case Outage.Frozen or Outage.FrozenForLong:
                server.Freeze();
                break;
            case Outage.PasswordChanged:
                await server.KillAsync();
                await server.StartAsync(password: "another");
                break;
            default:
                await server.KillAsync();
                break;
        }
    }

    public static async Task EndAsync(this TestServer server, Outage outage)
    {
        switch (outage)
        {
            case Outage.Frozen or Outage.FrozenForLong:
                server.Thaw();
                break;
            case Outage.PasswordChanged:
                await server.KillAsync();
                await server.StartAsync();
                break;
            default:
                await server.StartAsync();
                break;
        }
    }
}
