using RedisResilience.Caching;
using RedisResilience.IntegrationTests.Packages;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Faults inside of a server: its memory, its scripts, its data, its role.</summary>
internal static class ServerStages
{
    private const string Fill = "for i = 1, 300 do redis.call('setex', 'filler:' .. i, 60, string.rep('x', 10000)) end";

    private static readonly string SecondsAsleep = ChaosTimes.Fault.TotalSeconds.ToString(
        System.Globalization.CultureInfo.InvariantCulture);

    public static async Task<ChaosStage> SetAsync(ChaosFault fault, ServerKind kind)
    {
        if (fault == ChaosFault.LoadingALargeFile)
        {
            return await LoadingAsync();
        }

        var server = await TestServer.StartAsync(kind);
        var stage = new ChaosStage
        {
            ConnectionString = server.ConnectionString,
            Servers = [server],
            Effect = fault switch
            {
                ChaosFault.DebugSleep => ChaosEffect.Outage,
                ChaosFault.ClientsKilledEverySecond => ChaosEffect.Disturbance,
                _ => ChaosEffect.Refusal,
            },
            Losses = fault is ChaosFault.FlushAll or ChaosFault.OutOfMemoryAllKeysLru ? null : 0,
            LeastTime = fault == ChaosFault.ClientsKilledEverySecond ? TimeSpan.FromSeconds(3) : default,
        };
        stage.Own(server);
        stage.OtherConnections = 2;
        var administrator = stage.Own(await server.ConnectAsync()).GetServers()[0];
        (stage.Begin, stage.Lift) = fault switch
        {
            ChaosFault.OutOfMemoryNoEviction =>
                (Say(administrator, "CONFIG", "SET", "maxmemory", "1"), Say(administrator, "CONFIG", "SET", "maxmemory", "0")),
            ChaosFault.ReadOnlyAfterDemotion =>
                (Say(administrator, "REPLICAOF", "127.0.0.1", FreePort.Next()), Say(administrator, "REPLICAOF", "NO", "ONE")),
            ChaosFault.OutOfMemoryAllKeysLru => (
                async () =>
                {
                    await Say(administrator, "CONFIG", "SET", "maxmemory-policy", "allkeys-lru")();
                    await Say(administrator, "CONFIG", "SET", "maxmemory", "3mb")();
                    stage.Repeat(TimeSpan.FromMilliseconds(50), Say(administrator, "EVAL", Fill, 0));
                },
                Say(administrator, "CONFIG", "SET", "maxmemory", "0")),
            ChaosFault.DebugSleep => Asleep(server),
            ChaosFault.ScriptsFlushedInALoop or ChaosFault.FlushAll or ChaosFault.ClientsKilledEverySecond =>
                (Again(stage, fault, server, administrator), () => Task.CompletedTask),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No stage of a server is set for this fault."),
        };
        return stage;
    }

    private static Func<Task> Say(IServer administrator, string command, params object[] arguments) =>
        () => administrator.ExecuteAsync(command, arguments);

    private static Func<Task> Again(ChaosStage stage, ChaosFault fault, TestServer server, IServer administrator)
    {
        var (interval, act) = fault switch
        {
            ChaosFault.ScriptsFlushedInALoop => (TimeSpan.FromMilliseconds(10), Say(administrator, "SCRIPT", "FLUSH")),
            ChaosFault.FlushAll => (TimeSpan.FromMilliseconds(100), Say(administrator, "FLUSHALL")),
            ChaosFault.ClientsKilledEverySecond =>
                (TimeSpan.FromSeconds(1), () => RedisCommandLine.RunAsync(server.Port, "CLIENT", "KILL", "TYPE", "normal")),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Nothing is repeated for this fault."),
        };
        return () =>
        {
            stage.Repeat(interval, act);
            return Task.CompletedTask;
        };
    }

    private static (Func<Task> Begin, Func<Task> Lift) Asleep(TestServer server)
    {
        var sleeping = Task.CompletedTask;
        return (
            () =>
            {
                sleeping = RedisCommandLine.RunAsync(server.Port, "DEBUG", "SLEEP", SecondsAsleep);
                return Task.CompletedTask;
            },
            () => sleeping);
    }

    private static async Task<ChaosStage> LoadingAsync()
    {
        var folder = new TemporaryFolder();
        var server = await TestServer.StartAsync(
            ServerKind.Redis, password: null, "--dir", folder.Path, "--loading-process-events-interval-bytes", "1024");
        var microsecondsPerKey = (int)(ChaosTimes.Fault.TotalMicroseconds / 300);
        var stage = new ChaosStage
        {
            ConnectionString = server.ConnectionString,
            Servers = [server],
            Effect = ChaosEffect.Outage,

            // The file is written first, while Redis is well.
            TimeToDetect = TimeSpan.FromSeconds(1),
            Losses = 1,

            // The file has the leases of the loads that were under way when it was written.
            ReturnedLease = new CacheEntryOptions(ChaosTimes.Fault).MaximumFillWait,
            Begin = async () =>
            {
                await RedisCommandLine.RunAsync(server.Port, "EVAL", Fill, "0");
                await RedisCommandLine.RunAsync(server.Port, "SAVE");
                await server.KillAsync();
                await server.StartLoadingAsync("--key-load-delay", $"{microsecondsPerKey}");
            },

            // A line of its own: there is "async_loading:0", too.
            Lift = () => RedisCommandLine.UntilAsync(
                server.Port, answer => answer.Contains("\nloading:0", StringComparison.Ordinal), "INFO", "persistence"),
        };
        stage.Own(new Cleanup(folder));
        stage.Own(server);
        return stage;
    }

    private sealed class Cleanup(TemporaryFolder folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return default;
        }
    }
}
