using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>One fault at a time, under load: nobody notices. What each run has shown is printed as a row of the table in
/// <c>docs/resilience.md</c>.</summary>
public sealed class ChaosTests
{
    // Where the machine itself is late, so is everything on it; the run measures by how much.
    private const double Noise = 100;

    // A call goes over the pool and the line a few times, and each may be late.
    private const int StepsOfACall = 4;

    // Redis that goes and comes back is told of, twice; how often that can be, the pause of a trial decides (decision 40). Requests are
    // thousands a second.
    private static readonly double Lines = 12 + (8 * ChaosTimes.Fault.TotalSeconds);

    private static readonly ChaosFault[] OnGarnetToo =
    [
        ChaosFault.Killed, ChaosFault.Frozen, ChaosFault.AppearsLater, ChaosFault.BlackHole, ChaosFault.CutInMidReply,
        ChaosFault.GarbageBytes,
    ];

    // Every answer comes, if late: nothing is lost. With a connection is lost what nobody has heard of.
    private static readonly HashSet<ChaosFault> LosesNoConnection =
    [
        ChaosFault.Frozen, ChaosFault.DebugSleep, ChaosFault.UpAndDownEverySecond, ChaosFault.Latency100Milliseconds,
        ChaosFault.OneByteAtATime, ChaosFault.ThreadPoolStarved, ChaosFault.ScriptsFlushedInALoop, ChaosFault.OutOfMemoryNoEviction,
        ChaosFault.AclWithoutScripts, ChaosFault.AclWithoutOurKeys, ChaosFault.ReadOnlyAfterDemotion, ChaosFault.ClusterSlotMigration,
        ChaosFault.ClusterShardFrozen,
    ];

    // A second after the freeze. A machine that is later than that hears of nothing in time.
    private const double MostLateness = 500;

    private static IEnumerable<TestCaseData> Rows() =>
        Enum.GetValues<ChaosFault>().Select(fault => new TestCaseData(fault, ServerKind.Redis))
            .Concat(OnGarnetToo.Select(fault => new TestCaseData(fault, ServerKind.Garnet)));

    [TestCaseSource(nameof(Rows))]
    public async Task UnderLoad_NobodyNotices(ChaosFault fault, ServerKind kind)
    {
        await using var stage = await ChaosStages.SetAsync(fault, kind);
        var run = new ChaosRun(fault, kind);
        var result = await run.RunAsync(stage);
        TestContext.Out.WriteLine(
            $"{ChaosResult.Heading}\n{result.ToMarkdown()}\n"
            + $"{string.Join("; ", run.Events.Select(events => string.Join(",", events)))}\n"
            + $"lost {string.Join(' ', result.LostCounts ?? [])} of {string.Join(' ', result.Load.Given)}, "
            + $"unanswered {string.Join(' ', result.Load.Unanswered)}\n"
            + string.Join('\n', result.Load.LateCalls.Concat(run.Unobserved)));
        ChaosTable.Add(result);

        // Who waits for another process' load asks again at each round trip, in a time of its own (decision 41).
        var deadlines = fault == ChaosFault.Latency100Milliseconds ? 2 : 1;
        var late = Noise + (StepsOfACall * result.Load.MachineLongest);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Load.Failures, Is.Empty, "failures that reached a caller");
            Assert.That(result.Load.Undetected.Longest, Is.LessThan(
                (deadlines * ChaosRun.Deadline.TotalMilliseconds) + late), "a call waits for one deadline at the most");
            Assert.That(result.Load.Detected.Longest, Is.LessThan(late), "nobody waits for a server that is known to be away");
            Assert.That(
                result.Load.Recovered.Longest,
                Is.LessThan((ChaosRun.Deadline + stage.ReturnedLease).TotalMilliseconds + late),
                "nor for one that has just come back, longer than for any other");
            Assert.That(result.TimeToDetect ?? 0, Is.LessThan(stage.TimeToDetect.TotalMilliseconds + late), "detection");
            Assert.That(result.TimeToRecover ?? 0, Is.LessThan(stage.TimeToRecover.TotalMilliseconds + late), "recovery");
            Assert.That(result.OverAdmitted ?? 0, Is.Zero, "permits that Redis did not have");
            Assert.That(result.Load.ApiCallsWhileClosed, Is.Zero, "calls of an API that had told the node not to call");
            Assert.That(result.LostPermits ?? 0, Is.Zero, "permits that nobody holds");
            AssertCounts(fault, result);
            Assert.That(stage.MayLoseAcknowledged ? 0 : result.Load.StaleReads, Is.Zero, "reads older than an acknowledged invalidation");
            Assert.That(result.Load.SourceCallsAtOnce, Is.LessThanOrEqualTo(
                ChaosRun.LoadsPerNode * ChaosRun.NodeCount), "loads of the source at once");
            Assert.That(result.KeysWithoutTimeToLive, Is.Zero, "keys that would stay for ever");
            Assert.That(result.UnobservedExceptions, Is.Zero, $"exceptions that nobody has looked at: {string.Join('\n', run.Unobserved)}");
            Assert.That(result.Connections ?? 0, Is.LessThanOrEqualTo(
                (stage.ConnectionsPerNode * (stage.Nodes.Count + ChaosTimes.ProcessesDuring(fault))) ?? 0), "connections");
            AssertLog(run, stage);
        }
    }

    private static void AssertCounts(ChaosFault fault, ChaosResult result)
    {
        var isAllHeard = LosesNoConnection.Contains(fault) && result.Load.MachineLongest < MostLateness;
        var most = result.Load.Unanswered.Select(unanswered => isAllHeard ? 0 : unanswered);
        Assert.That(
            (result.LostCounts ?? []).Zip(most, (lost, unheard) => lost - unheard),
            Is.All.LessThanOrEqualTo(0),
            "permits that Redis counts and nobody was given");
    }

    // Changes of state, and not a line a request.
    private static void AssertLog(ChaosRun run, ChaosStage stage)
    {
        foreach (var events in run.Events)
        {
            Assert.That(events, Has.Length.LessThan(Lines), "log lines");
            var changes = events.Where(id => id is Log.AvailableId or Log.UnavailableId or Log.FarId).ToArray();

            Assert.That(changes.Zip(changes.Skip(1)).Where(
                pair => pair.First != Log.UnavailableId && pair.Second != Log.UnavailableId), Is.Empty, "each change once");

            // A server that is away is told of once more when it is known better why.
            Assert.That(changes.Zip(changes.Skip(1), changes.Skip(2)).Where(
                three => three is (Log.UnavailableId, Log.UnavailableId, Log.UnavailableId)), Is.Empty, "each change once");
            if (stage.Effect == ChaosEffect.Refusal)
            {
                Assert.That(changes, Is.Empty, "what refuses is there");
            }
        }
    }
}
