using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Caching;

/// <summary>What a second or two of load on one contender came to.</summary>
internal readonly record struct HttpRound(double PerSecond, double BytesPerRequest, double CommandsPerRequest)
{
    private const int Seconds = 2;

    public static async Task<HttpRound> RunAsync(HttpContender contender, IServer redis)
    {
        var commands = await CommandsAsync(redis);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var (requests, perSecond) = await Wrk.RunAsync(contender.Address, Seconds);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        // The question itself is a command too.
        commands = await CommandsAsync(redis) - commands - 1;
        return new HttpRound(perSecond, (double)allocated / requests, (double)commands / requests);
    }

    private static async Task<long> CommandsAsync(IServer redis) =>
        (await redis.InfoAsync("stats")).SelectMany(group => group).Where(pair => pair.Key == "total_commands_processed").Select(pair => long.Parse(pair.Value, null)).Single();
}
