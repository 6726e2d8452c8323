using CsCheck;
using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>Whatever goes wrong with the watcher, MongoDB or Redis: after it settles no entry differs from MongoDB, and none did for longer than the bound.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Election = TimeSpan.FromMilliseconds(700);

    // A new watcher has 5 s; and this machine may be a busy one.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Test]
    public async Task AfterTrouble_EveryEntryIsAsInMongo([Values] Trouble trouble) => await RunAsync([trouble]);

    [Test]
    public async Task AfterAnyTroubles_EveryEntryIsAsInMongo()
    {
        var isLong = Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") is { Length: > 0 };
        await Gen.Enum<Trouble>().Array[2, 5].SampleAsync(
            async troubles =>
            {
                await TestContext.Out.WriteLineAsync(string.Join(", ", troubles));
                await RunAsync(troubles);
            },
            iter: isLong ? 20 : 1,
            threads: 1);
    }

    [Test]
    public async Task KilledWatcher_IsReplaced_AndNothingIsLost([Values] WatcherStep step)
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        var isFirstStep = step == WatcherStep.ReadsToken;
        await using var watcher = new WatcherProcess(redis.ConnectionString, mongo.ConnectionString, ChaosRun.Database, isFirstStep ? step : null);
        await (isFirstStep ? watcher.UntilAtAsync(step) : watcher.UntilWatchingAsync());
        await using var run = await ChaosRun.StartAsync(mongo, redis, isWatched: !isFirstStep);
        await run.GoOnAsync();

        await run.PauseAsync();
        await (isFirstStep ? Task.CompletedTask : watcher.StopBeforeAsync(step));
        await run.ChangeQuietAsync();
        if (!isFirstStep)
        {
            if (step == WatcherStep.RemovesNamespace)
            {
                mongo.Store.ForgetHistory();
                mongo.CutConnections();
            }

            await watcher.UntilAtAsync(step);
        }

        await watcher.KillAsync();
        var killedAt = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(() => run.Deployments.Any(deployment => deployment.Events.Contains(100)), "Nobody takes over.");
        var takeover = TimeProvider.System.GetElapsedTime(killedAt);
        await run.GoOnAsync();

        Assert.That(await run.SettleAsync(), Is.Zero, "lost invalidations");
        await TestContext.Out.WriteLineAsync($"killed before it {step}: another watched after {takeover.TotalMilliseconds:f0} ms");
        Assert.That(takeover, Is.LessThan(Bound));
        Assert.That(run.Truth.LongestStaleness, Is.LessThan(Bound));
    }

    private static async Task RunAsync(Trouble[] troubles)
    {
        await using var mongo = new WireReplicaSet();
        await using var redis = await RedisServer.StartNewAsync();
        await using var run = await ChaosRun.StartAsync(mongo, redis);
        await run.GoOnAsync();
        foreach (var trouble in troubles)
        {
            await run.PauseAsync();
            await Task.WhenAll(TroubleAsync(trouble, mongo, redis, run), run.ChangeQuietAsync());
            await run.GoOnAsync();
        }

        Assert.That(await run.SettleAsync(), Is.Zero, "lost invalidations");
        Assert.That(run.Truth.LongestStaleness, Is.LessThan(Bound));
    }

    private static async Task TroubleAsync(Trouble trouble, WireReplicaSet mongo, RedisServer redis, ChaosRun run)
    {
        switch (trouble)
        {
            case Trouble.WatcherStops:
                foreach (var deployment in run.Deployments)
                {
                    await deployment.StopWatchingAsync();
                    await deployment.StartWatchingAsync();
                }

                break;
            case Trouble.MongoCut:
                mongo.CutConnections();
                break;
            case Trouble.MongoAway:
                await mongo.StopAsync();
                await Task.Delay(Election, TimeProvider.System);
                mongo.Start();
                break;
            case Trouble.CursorLost:
                mongo.ForgetCursors();
                break;
            case Trouble.AnswerLost:
                mongo.Faults.Inject("getMore", Fault.CutAfter, times: 3);
                break;
            case Trouble.StepDown:
                await mongo.StepDownAsync(Election);
                break;
            case Trouble.HistoryLost:
                mongo.CutConnections();
                mongo.Store.ForgetHistory();
                break;
            case Trouble.Burst:
                await run.BurstAsync();
                break;
            default:
                await redis.KillAsync();
                await Task.Delay(Election, TimeProvider.System);
                await redis.StartAsync();
                break;
        }
    }
}
