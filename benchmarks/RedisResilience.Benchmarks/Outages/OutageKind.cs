namespace RedisResilience.Benchmarks.Outages;

/// <summary>The faults that every rival is put through.</summary>
internal enum OutageKind
{
    Killed,
    Frozen,
    AbsentAtStart,
    BlackHole,
    AcceptsAndNeverAnswers,
    HalfOpenConnection,
    CutInMidReply,
    GarbageBytes,
    Latency1Second,
    UpAndDownEverySecond,
}
