using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Sets the stage for each fault.</summary>
internal static class ChaosStages
{
#pragma warning disable CS8524 // A number that has no name is no fault. One that has a name and no stage does not compile.
    public static Task<ChaosStage> SetAsync(ChaosFault fault, ServerKind kind) => fault switch
    {
        ChaosFault.BlackHole => NetworkStages.SetAsync(kind, NetworkFault.BlackHole, ChaosEffect.Outage),
        ChaosFault.AcceptsAndNeverAnswers => NetworkStages.SetAsync(kind, NetworkFault.NeverAnswers, ChaosEffect.Outage),
        ChaosFault.HalfOpenConnection => NetworkStages.SetAsync(kind, NetworkFault.HalfOpen, ChaosEffect.Outage),
        ChaosFault.CutInMidReply => NetworkStages.SetAsync(kind, NetworkFault.CutMidReply, ChaosEffect.Disturbance),
        ChaosFault.GarbageBytes => NetworkStages.SetAsync(kind, NetworkFault.Garbage, ChaosEffect.Outage),
        ChaosFault.Latency100Milliseconds => NetworkStages.SetAsync(kind, NetworkFault.Latency100, ChaosEffect.Disturbance),
        ChaosFault.Latency1Second => NetworkStages.SetAsync(kind, NetworkFault.Latency1000, ChaosEffect.Outage),
        ChaosFault.OneByteAtATime => NetworkStages.SetAsync(kind, NetworkFault.OneByteAtATime, ChaosEffect.Disturbance),
        ChaosFault.ClusterSlotMigration => TopologyStages.SlotMigrationAsync(),
        ChaosFault.ClusterMasterKilled => TopologyStages.MasterKilledAsync(),
        ChaosFault.ClusterShardFrozen => TopologyStages.ShardFrozenAsync(),
        ChaosFault.SentinelFailover => TopologyStages.SentinelFailoverAsync(),
        ChaosFault.MaximumClientsReached
            or ChaosFault.WrongPassword or ChaosFault.PasswordChanged or ChaosFault.AclWithoutScripts or ChaosFault.AclWithoutOurKeys =>
            AccessStages.SetAsync(fault, kind),
        ChaosFault.Killed
            or ChaosFault.Frozen or ChaosFault.AppearsLater or ChaosFault.NameDoesNotResolve or ChaosFault.UpAndDownEverySecond
            or ChaosFault.ThreadPoolStarved or ChaosFault.ShutdownDuringOutage => ProcessStages.SetAsync(fault, kind),
        ChaosFault.ClientsKilledEverySecond
            or ChaosFault.OutOfMemoryNoEviction or ChaosFault.OutOfMemoryAllKeysLru or ChaosFault.ScriptsFlushedInALoop
            or ChaosFault.DebugSleep or ChaosFault.LoadingALargeFile or ChaosFault.ReadOnlyAfterDemotion or ChaosFault.FlushAll =>
                ServerStages.SetAsync(fault, kind),
    };
#pragma warning restore CS8524
}
