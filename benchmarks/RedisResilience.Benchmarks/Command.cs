using RedisResilience.Benchmarks.Allocation;
using RedisResilience.Benchmarks.Caching;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Dashboard;
using RedisResilience.Benchmarks.Limiting;
using RedisResilience.Benchmarks.Limiting.Peers;
using RedisResilience.Benchmarks.Mongo;
using RedisResilience.Benchmarks.Outages;
using RedisResilience.Benchmarks.Outgoing;
using RedisResilience.Benchmarks.Scale;
using RedisResilience.Benchmarks.Server;

namespace RedisResilience.Benchmarks;

/// <summary>What this program can be asked to measure.</summary>
internal sealed record Command(string Name, bool NeedsRedis, Func<Task> RunAsync)
{
    public static readonly Command[] All =
    [
        new("compare", NeedsRedis: true, CompareCommand.RunAsync),
        new("server", NeedsRedis: true, ServerCommand.RunAsync),
        new("allocation", NeedsRedis: true, () => Run(AllocationCommand.Run)),
        new("limiter", NeedsRedis: true, LimiterCommand.RunAsync),
        new("limiter-peers", NeedsRedis: true, PeersCommand.RunAsync),
        new("outages", NeedsRedis: true, OutagesCommand.RunAsync),
        new("scale", NeedsRedis: true, ScaleCommand.RunAsync),
        new("bson", NeedsRedis: false, () => Run(BsonCommand.Run)),
        new("mongo-miss", NeedsRedis: false, MissCommand.RunAsync),
        new("cache-http", NeedsRedis: true, HttpCommand.RunAsync),
        new("cache-distinct", NeedsRedis: true, DistinctCommand.RunAsync),
        new("cache-local", NeedsRedis: true, LocalHitCommand.RunAsync),
        new("cache-cold", NeedsRedis: true, ColdCommand.RunAsync),
        new("dashboard", NeedsRedis: true, DashboardCommand.RunAsync),
        new("outgoing", NeedsRedis: true, OutgoingCommand.RunAsync),
        new("cache-compression", NeedsRedis: true, CompressionCommand.RunAsync),
    ];

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
