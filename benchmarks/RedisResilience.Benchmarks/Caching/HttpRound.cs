using System.Globalization;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>What a second or two of load on one contender came to.</summary>
/// <param name="PerSecond">Requests that were answered.</param>
/// <param name="ProcessorMicroseconds">What a request took of the processors in this process and in Redis: on a machine that others use
/// too, steadier than the time.</param>
/// <param name="BytesPerRequest">What was allocated in this process.</param>
/// <param name="CommandsPerRequest">What Redis was asked.</param>
internal readonly record struct HttpRound(double PerSecond, double ProcessorMicroseconds, double BytesPerRequest, double CommandsPerRequest)
{
    private const int Seconds = 2;

    public static async Task<HttpRound> RunAsync(HttpContender contender, IServer redis)
    {
        var (commands, busy) = await AccountAsync(redis);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var (requests, perSecond) = await Wrk.RunAsync(contender.Address, Seconds);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var (commandsAfter, busyAfter) = await AccountAsync(redis);

        // The question itself is a command too.
        return new HttpRound(
            perSecond, (busyAfter - busy) / requests, (double)allocated / requests, (double)(commandsAfter - commands - 1) / requests);
    }

    private static async Task<(long Commands, double BusyMicroseconds)> AccountAsync(IServer redis)
    {
        var info = (await redis.InfoAsync()).SelectMany(group => group).ToDictionary(pair => pair.Key, pair => pair.Value);
        var seconds = double.Parse(
            info["used_cpu_user"], CultureInfo.InvariantCulture) + double.Parse(info["used_cpu_sys"], CultureInfo.InvariantCulture);
        return (long.Parse(info["total_commands_processed"], CultureInfo.InvariantCulture), (
            1e6 * seconds) + Environment.CpuUsage.TotalTime.TotalMicroseconds);
    }
}
