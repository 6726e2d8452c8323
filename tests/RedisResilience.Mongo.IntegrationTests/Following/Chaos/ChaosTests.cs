using CsCheck;
using RedisResilience.Mongo.IntegrationTests.Servers;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>
/// Whatever goes wrong with the watcher, MongoDB or Redis: after it settles no entry differs from MongoDB, and none did for longer than the
/// bound.
/// </summary>
[TestFixture(MongoKind.Wire)]
[TestFixture(MongoKind.Real)]
public sealed class ChaosTests(MongoKind kind)
{
    // A new watcher has 5 s; and this machine may be a busy one.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    // Once for all of them, and outside of the property test, in which to be ignored would be to fail.
    [OneTimeSetUp]
    public Task HaveServerAsync() => MongoServers.ConnectionStringAsync(kind);

    [Test]
    public async Task AfterTrouble_EveryEntryIsAsInMongo([Values] Trouble trouble) => await RunAsync([trouble]);

    [Test]
    public async Task AfterAnyTroubles_EveryEntryIsAsInMongo()
    {
        var isLong = Environment.GetEnvironmentVariable("REDISRESILIENCE_LONG") is { Length: > 0 };
        var possible = Enum.GetValues<Trouble>().Where(ChaosMongo.CanDo(kind).Contains).ToArray();
        await Gen.Int[0, possible.Length - 1].Select(one => possible[one]).Array[2, 5].SampleAsync(
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
        await using var mongo = await ChaosMongo.StartAsync(kind, step == WatcherStep.RemovesNamespace ? [Trouble.HistoryLost] : []);
        await using var redis = await RedisServer.StartNewAsync();
        var isFirstStep = step == WatcherStep.ReadsToken;
        await using var watcher = new WatcherProcess(
            redis.ConnectionString, mongo.ConnectionString, mongo.Database, isFirstStep ? step : null);
        await (isFirstStep ? watcher.UntilAtAsync(step) : watcher.UntilWatchingAsync());
        await using var run = await ChaosRun.StartAsync(mongo.ConnectionString, mongo.Database, redis, isWatched: !isFirstStep);
        await run.GoOnAsync();

        await run.PauseAsync();
        await (isFirstStep ? Task.CompletedTask : watcher.StopBeforeAsync(step));
        await run.ChangeQuietAsync();
        if (!isFirstStep)
        {
            if (step == WatcherStep.RemovesNamespace)
            {
                mongo.ForgetHistory();
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

    private async Task RunAsync(Trouble[] troubles)
    {
        await using var mongo = await ChaosMongo.StartAsync(kind, troubles);
        await using var redis = await RedisServer.StartNewAsync();
        await using var run = await ChaosRun.StartAsync(mongo.ConnectionString, mongo.Database, redis);
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

    private static async Task TroubleAsync(Trouble trouble, ChaosMongo mongo, RedisServer redis, ChaosRun run)
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
            case Trouble.Burst:
                await run.BurstAsync();
                break;
            case Trouble.RedisAway:
                await redis.KillAsync();
                await Task.Delay(ChaosMongo.Election, TimeProvider.System);
                await redis.StartAsync();
                break;
            default:
                await mongo.DoAsync(trouble);
                break;
        }
    }
}
