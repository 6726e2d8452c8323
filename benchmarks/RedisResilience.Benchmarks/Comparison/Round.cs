using System.Diagnostics;
using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Comparison;

/// <summary>What one round cost, per call: wall time over all callers, and this process's processor time and allocated bytes.</summary>
internal readonly record struct Round(double Microseconds, double ProcessorMicroseconds, double Bytes)
{
    public static async Task<Round> RunAsync(IContender contender, int callers, int callsPerCaller)
    {
        var work = new Task[callers];
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var busy = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        for (var caller = 0; caller < callers; caller++)
        {
            work[caller] = contender.CallAsync(callsPerCaller);
        }

        await Task.WhenAll(work);
        var elapsed = Stopwatch.GetElapsedTime(started);
        busy = Environment.CpuUsage.TotalTime - busy;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        double calls = callers * callsPerCaller;
        return new Round(elapsed.TotalMicroseconds / calls, busy.TotalMicroseconds / calls, allocated / calls);
    }

    public static Round Mean(Round one, Round other) => new(
        (one.Microseconds + other.Microseconds) / 2,
        (one.ProcessorMicroseconds + other.ProcessorMicroseconds) / 2,
        (one.Bytes + other.Bytes) / 2);
}
