using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>Sets the stage for each fault.</summary>
internal static class ChaosStages
{
    public static Task<ChaosStage> SetAsync(ChaosFault fault, ServerKind kind) => fault switch
    {
        ChaosFault.BlackHole => NetworkStages.SetAsync(kind, NetworkFault.BlackHole, ChaosEffect.Outage, NetworkStages.WhileConnecting),
        ChaosFault.AcceptsAndNeverAnswers => NetworkStages.SetAsync(kind, NetworkFault.NeverAnswers, ChaosEffect.Outage, NetworkStages.UntilGivenUp),
        ChaosFault.HalfOpenConnection => NetworkStages.SetAsync(kind, NetworkFault.HalfOpen, ChaosEffect.Outage, NetworkStages.UntilGivenUp),
        ChaosFault.CutInMidReply => NetworkStages.SetAsync(kind, NetworkFault.CutMidReply, ChaosEffect.Disturbance, NetworkStages.OnTrial),
        ChaosFault.GarbageBytes => NetworkStages.SetAsync(kind, NetworkFault.Garbage, ChaosEffect.Outage, NetworkStages.WhileConnecting),
        ChaosFault.Latency100Milliseconds => NetworkStages.SetAsync(kind, NetworkFault.Latency100, ChaosEffect.Disturbance, NetworkStages.OnTrial),
        ChaosFault.Latency1Second => NetworkStages.SetAsync(kind, NetworkFault.Latency1000, ChaosEffect.Outage, NetworkStages.UntilGivenUp),
        ChaosFault.OneByteAtATime => NetworkStages.SetAsync(kind, NetworkFault.OneByteAtATime, ChaosEffect.Disturbance, NetworkStages.OnTrial),
        ChaosFault.ClusterSlotMigration => TopologyStages.SlotMigrationAsync(),
        ChaosFault.ClusterMasterKilled => TopologyStages.MasterKilledAsync(),
        ChaosFault.SentinelFailover => TopologyStages.SentinelFailoverAsync(),
        ChaosFault.MaximumClientsReached or ChaosFault.WrongPassword or ChaosFault.PasswordChanged or ChaosFault.AclWithoutScripts or ChaosFault.AclWithoutOurKeys =>
            AccessStages.SetAsync(fault, kind),
        ChaosFault.Killed or ChaosFault.Frozen or ChaosFault.AppearsLater or ChaosFault.NameDoesNotResolve or ChaosFault.UpAndDownEverySecond
            or ChaosFault.ThreadPoolStarved or ChaosFault.ShutdownDuringOutage => ProcessStages.SetAsync(fault, kind),
        _ => ServerStages.SetAsync(fault, kind),
    };
}
