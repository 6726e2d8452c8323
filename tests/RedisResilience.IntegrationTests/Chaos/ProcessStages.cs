using RedisResilience.Gateway.Connection;
using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis.Configuration;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Faults of processes: the server's, and the nodes' own.</summary>
internal static class ProcessStages
{
    // Redis that hangs again and again is on trial before it is trusted (decision 40). A trial of more than a second is never passed while
    // it is up for no longer, and so is never followed by one of more than two.
    private static readonly TimeSpan OnTrial = TimeSpan.FromSeconds(3);

    // Garnet, a .NET program, compiles itself at first, and longer on a busy machine.
    private static TimeSpan TimeToStart(ServerKind kind) => TimeSpan.FromSeconds(kind == ServerKind.Redis ? 1 : 5);

    public static async Task<ChaosStage> SetAsync(ChaosFault fault, ServerKind kind)
    {
        var server = fault is ChaosFault.AppearsLater or ChaosFault.NameDoesNotResolve
            ? TestServer.NotStarted(kind)
            : await TestServer.StartAsync(kind);
        var stage = fault switch
        {
            ChaosFault.Killed => new ChaosStage
            {
                ConnectionString = server.ConnectionString,
                Servers = [server],
                Effect = ChaosEffect.Outage,
                TimeToDetect = TimeSpan.FromMilliseconds(50),
                TimeToRecover = TimeToStart(kind),
                Losses = 1,
                Begin = server.KillAsync,
                Lift = () => server.StartAsync(),
            },
            ChaosFault.AppearsLater => new ChaosStage
            {
                ConnectionString = server.ConnectionString,
                Servers = [server],
                Effect = ChaosEffect.Outage,
                IsThereAtStart = false,

                // One that was never there is known to be away when the first attempt has ended. Nobody waits for that.
                TimeToDetect = new ClientDefaults(new DefaultOptionsProvider()).ConnectTimeout!.Value,
                TimeToRecover = TimeToStart(kind),
                Lift = () => server.StartAsync(),
            },
            ChaosFault.NameDoesNotResolve => new ChaosStage
            {
                ConnectionString = "no-such-host.invalid:6379",
                Servers = [],
                Effect = ChaosEffect.Outage,
                IsThereAtStart = false,
                Lift = null,
            },
            ChaosFault.Frozen or ChaosFault.UpAndDownEverySecond or ChaosFault.ThreadPoolStarved or ChaosFault.ShutdownDuringOutage =>
                new ChaosStage
                {
                    ConnectionString = server.ConnectionString,
                    Servers = [server],
                    Effect = fault is ChaosFault.Frozen or ChaosFault.ShutdownDuringOutage ? ChaosEffect.Outage : ChaosEffect.Disturbance,
                    LeastTime = fault == ChaosFault.UpAndDownEverySecond ? TimeSpan.FromSeconds(6) : default,
                    TimeToRecover = fault == ChaosFault.UpAndDownEverySecond ? OnTrial : TimeSpan.FromSeconds(1),
                    Survivors = fault == ChaosFault.ShutdownDuringOutage ? 1 : int.MaxValue,
                },
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No stage of a process is set for this fault."),
        };
        stage.Own(server);
        Arrange(stage, fault, server);
        return stage;
    }

    private static void Arrange(ChaosStage stage, ChaosFault fault, TestServer server)
    {
        switch (fault)
        {
            case ChaosFault.Frozen:
                stage.Begin = () => Freeze(server);
                stage.Lift = () => Thaw(server);
                break;
            case ChaosFault.ShutdownDuringOutage:
                stage.Begin = async () =>
                {
                    server.Freeze();
                    await stage.Nodes[^1].DisposeAsync();
                };
                stage.Lift = () => Thaw(server);
                break;
            case ChaosFault.UpAndDownEverySecond:
                var isFrozen = false;
                stage.Begin = () =>
                {
                    stage.Repeat(TimeSpan.FromSeconds(1), () => (isFrozen = !isFrozen) ? Freeze(server) : Thaw(server));
                    return Task.CompletedTask;
                };
                stage.Lift = () => Thaw(server);
                break;
            case ChaosFault.ThreadPoolStarved:
                var end = new ManualResetEventSlim();
                stage.Begin = () =>
                {
                    // All that the pool gives at once, and some more that it gives by and by. What ends it needs no thread of the pool.
                    ThreadPool.GetMinThreads(out var threads, out _);
                    for (var thread = 0; thread < threads + 8; thread++)
                    {
                        ThreadPool.UnsafeQueueUserWorkItem(static state => state.Wait(), end, preferLocal: false);
                    }

                    new Thread(() =>
                    {
                        end.Wait(ChaosTimes.Fault);
                        end.Set();
                    }).Start();
                    return Task.CompletedTask;
                };
                stage.Lift = () =>
                {
                    end.Set();
                    return Task.CompletedTask;
                };
                break;
        }
    }

    private static Task Freeze(TestServer server)
    {
        server.Freeze();
        return Task.CompletedTask;
    }

    private static Task Thaw(TestServer server)
    {
        server.Thaw();
        return Task.CompletedTask;
    }
}
