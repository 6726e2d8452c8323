using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>A server that is there and lets the nodes in no more, or only half.</summary>
internal static class AccessStages
{
    private const int FreeTier = 30;

    public static async Task<ChaosStage> SetAsync(ChaosFault fault, ServerKind kind)
    {
        var isWrong = fault == ChaosFault.WrongPassword;
        var server = await TestServer.StartAsync(kind, isWrong ? "right" : null);
        var stage = new ChaosStage
        {
            ConnectionString = isWrong ? $"{server.ConnectionString},password=wrong" : server.ConnectionString,
            Servers = [server],
            Effect = fault is ChaosFault.AclWithoutScripts or ChaosFault.AclWithoutOurKeys ? ChaosEffect.Refusal : ChaosEffect.Outage,
            IsThereAtStart = !isWrong,
            Password = isWrong ? "wrong" : null,
            TimeToDetect = TimeSpan.FromMilliseconds(250),
        };
        stage.Own(server);
        (stage.Begin, stage.Lift) = fault switch
        {
            ChaosFault.WrongPassword => (() => Task.CompletedTask, Say(server, "right", "CONFIG", "SET", "requirepass", "wrong")),
            ChaosFault.PasswordChanged => (
                async () =>
                {
                    await Say(server, null, "CONFIG", "SET", "requirepass", "another")();
                    await Say(server, "another", "CLIENT", "KILL", "TYPE", "normal")();
                },
                Say(server, "another", "CONFIG", "SET", "requirepass", "")),
            ChaosFault.AclWithoutScripts =>
                (Say(server, null, "ACL", "SETUSER", "default", "-@scripting"), Say(server, null, "ACL", "SETUSER", "default", "+@all")),
            ChaosFault.AclWithoutOurKeys => (Say(
                server, null, "ACL", "SETUSER", "default", "resetkeys", "~other:*"), Say(server, null, "ACL", "SETUSER", "default", "~*")),
            ChaosFault.MaximumClientsReached => await FillAsync(stage, server),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No stage of access is set for this fault."),
        };
        return stage;
    }

    private static Func<Task> Say(TestServer server, string? password, params string[] words) =>
        () => RedisCommandLine.RunAsync(server.Port, password is null ? words : ["-a", password, "--no-auth-warning", .. words]);

    // Thirty clients and no more: the nodes lose their places, and others take them.
    private static async Task<(Func<Task> Begin, Func<Task> Lift)> FillAsync(ChaosStage stage, TestServer server)
    {
        stage.OtherConnections = 2;
        var administrator = stage.Own(await server.ConnectAsync()).GetServers()[0];
        var self = (long)await administrator.ExecuteAsync("CLIENT", "ID");
        var others = new ConcurrentBag<TcpClient>();
        return (BeginAsync, LiftAsync);

        async Task BeginAsync()
        {
            // All places are taken, and the nodes' are too many.
            await TakeAsync(server, others, FreeTier);
            await administrator.ConfigSetAsync("maxclients", FreeTier);
            foreach (var client in await administrator.ClientListAsync())
            {
                if (client.Id != self && !string.IsNullOrEmpty(client.Name))
                {
                    await administrator.ExecuteAsync("CLIENT", "KILL", "ID", client.Id);
                }
            }
        }

        Task LiftAsync()
        {
            foreach (var other in others)
            {
                other.Dispose();
            }

            return Task.CompletedTask;
        }
    }

    private static async Task TakeAsync(TestServer server, ConcurrentBag<TcpClient> others, int count)
    {
        for (var place = 0; place < count; place++)
        {
            var other = new TcpClient();
            others.Add(other);
            await other.ConnectAsync(IPAddress.Loopback, server.Port);
        }
    }
}
