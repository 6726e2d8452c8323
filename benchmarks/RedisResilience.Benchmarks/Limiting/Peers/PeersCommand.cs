using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using RedisResilience.Benchmarks.Comparison;
using RedisResilience.Benchmarks.Contenders;
using RedisResilience.RateLimiting;
using StackExchange.Redis;

namespace RedisResilience.Benchmarks.Limiting.Peers;

/// <summary><c>limiter-peers</c>: the limits that the package RedisRateLimiting has too, on one server; then what both do when it is
/// killed.</summary>
internal static class PeersCommand
{
    private const int Pairs = 20;
    private const int Callers = 64;
    private const int CallsPerCaller = 20;
    private static readonly string[] Distinct = [.. Workbench.LimiterKeys.Select(key => $"peer:{key}").Take(1024)];
    private static readonly string[] Hot = ["peer:hot"];

    public static async Task RunAsync()
    {
        await using var bench = await Workbench.SetUpAsync();
        var administrator = await bench.ConnectAsync(isAdministrator: true);
        var redis = (await bench.ConnectAsync()).Multiplexer;
        Console.WriteLine($"{Callers} in flight, medians of {Pairs} interleaved pairs, quartiles of the ratio of times; concurrency with "
            + "giving back. The server's part: one caller, 2,000 calls of one key.");
        Console.WriteLine();
        Console.WriteLine("| kind | keys | ours / theirs, time | ours acquires/s | theirs | ours B | theirs B | ours: scripts / other "
            + "commands | server µs of scripts | theirs: scripts / other commands | server µs of scripts |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|---|---:|---|---:|");
        foreach (var kind in PeerKind.All)
        {
            foreach (var (name, keys) in new[] { ("distinct", Distinct), ("one hot key", Hot) })
            {
                // A window of theirs keeps an element for each permit: each row begins with an empty server.
                await administrator.ExecuteAsync("FLUSHALL");
                var limiters = keys.Select(key => kind.Theirs($"{kind.Name}:{key}", redis)).ToArray();
                await ReportAsync(kind, name, new OurPeer(bench.Limiter, kind.Limit, keys), new TheirPeer(limiters), administrator);
                Array.ForEach(limiters, limiter => limiter.Dispose());
            }
        }

        await KillAsync(bench);
    }

    private static async Task ReportAsync(PeerKind kind, string keys, IContender ours, IContender theirs, IDatabase administrator)
    {
        var pairs = await new Duel(kind.Name, Callers, CallsPerCaller, ours, theirs).FightAsync(Pairs);
        var ratio = Quartiles.Of(pairs.Select(pair => pair.Ours.Microseconds / pair.Raw.Microseconds));
        var (one, other) = (
            await ServerAccount.OfAsync(administrator, ours, 2_000), await ServerAccount.OfAsync(administrator, theirs, 2_000));
        Console.WriteLine(
            $"| {kind.Name} | {keys} | {ratio.Median:F2} ({ratio.Lower:F2}–{ratio.Upper:F2}) " +
            $"| {1e6 / Median(pairs.Select(pair => pair.Ours.Microseconds)):N0} " +
            $"| {1e6 / Median(pairs.Select(pair => pair.Raw.Microseconds)):N0} " +
            $"| {Median(pairs.Select(pair => pair.Ours.Bytes)):F0} | {Median(pairs.Select(pair => pair.Raw.Bytes)):F0} " +
            $"| {one} | {other} |");
    }

    private static async Task KillAsync(Workbench bench)
    {
        // As its own documentation connects: the client's defaults.
        await using var redis = await ConnectionMultiplexer.ConnectAsync(bench.Endpoint);
        var kind = PeerKind.All[0];
        await using var limiter = kind.Theirs("killed", redis);
        (await limiter.AcquireAsync()).Dispose();
        await bench.KillServerAsync();
        Console.WriteLine();
        Console.WriteLine("| Redis killed | outcome | ms |");
        Console.WriteLine("|---|---|---:|");
        for (var call = 0; call < 3; call++)
        {
            await TellAsync("ours", async () => $"{(await bench.Limiter.AcquireAsync("killed", kind.Limit)).Source}");
            await TellAsync("theirs", async () => $"{(await AcquireAsync(limiter)).IsAcquired}");
        }
    }

    private static ValueTask<RateLimitLease> AcquireAsync(RateLimiter limiter) => limiter.AcquireAsync();

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "Which exception it is, is what is to be told.")]
    private static async Task TellAsync(string who, Func<Task<string>> call)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        string outcome;
        try
        {
            outcome = await call();
        }
        catch (Exception exception)
        {
            outcome = exception.GetType().Name;
        }

        Console.WriteLine($"| {who} | {outcome} | {TimeProvider.System.GetElapsedTime(startedAt).TotalMilliseconds:F3} |");
    }

    private static double Median(IEnumerable<double> figures) => Quartiles.Of(figures).Median;
}
