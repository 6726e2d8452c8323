using System.Diagnostics;
using RedisResilience.Benchmarks.Comparison;

namespace RedisResilience.Benchmarks.Outgoing;

/// <summary>What a request costs that a client's cache answers, beside the same request over loopback; and what the cache costs a request
/// that it does not answer.</summary>
internal static class OutgoingCommand
{
    private const int Rounds = 61;
    private const int Calls = 400;
    private static readonly Uri Stored = new("/stored", UriKind.Relative);
    private static readonly Uri Missed = new("/missed", UriKind.Relative);

    public static async Task RunAsync()
    {
        using var redis = RedisServer.Start();
        await redis.WaitUntilUpAsync();
        await using var api = await LoopbackApi.StartAsync();
        await using var plain = new OutgoingClient("without the handler", api.Address, configure: null);
        await using var memory = OutgoingClient.InMemory(api.Address);
        await using var shared = await OutgoingClient.OverRedisAsync("cached in Redis", redis.Endpoint, api.Address, isLocal: false);
        await using var local = await OutgoingClient.OverRedisAsync(
            "cached in Redis, local tier", redis.Endpoint, api.Address, isLocal: true);
        OutgoingClient[] clients = [plain, memory, shared, local];
        Console.WriteLine($"Medians of {Rounds} interleaved rounds of {Calls} calls, one at a time; in brackets the quartiles.");
        var next = 0;
        foreach (var (title, uri) in new (string Title, Func<Uri> Uri)[]
        {
            ("a response that is stored", () => Stored),
            ("a response that is not stored", () => Missed),
            ("a response that is stored for the first time", () => new Uri($"/stored?{next++}", UriKind.Relative)),
        })
        {
            Console.WriteLine();
            Console.WriteLine($"| {title} | µs | / without the handler | bytes |");
            Console.WriteLine("|---|---:|---|---:|");
            var figures = await MeasureAsync(clients, uri);
            for (var index = 0; index < clients.Length; index++)
            {
                var time = Quartiles.Of(figures.Select(round => round[index].Microseconds));
                var ratio = Quartiles.Of(figures.Select(round => round[index].Microseconds / round[0].Microseconds));
                var bytes = Quartiles.Of(figures.Select(round => round[index].Bytes));
                Console.WriteLine(
                    $"| {clients[index].Name} | {time.Median:0.0} | "
                    + $"{ratio.Median:0.000} ({ratio.Lower:0.00}–{ratio.Upper:0.00}) | {bytes.Median:#,0} |");
            }
        }
    }

    // Every other round goes backwards: who comes first has no advantage.
    private static async Task<List<(double Microseconds, double Bytes)[]>> MeasureAsync(OutgoingClient[] clients, Func<Uri> uri)
    {
        var figures = new List<(double Microseconds, double Bytes)[]>();
        for (var round = -5; round < Rounds; round++)
        {
            var figure = new (double Microseconds, double Bytes)[clients.Length];
            foreach (var index in round % 2 == 0 ? Enumerable.Range(0, clients.Length) : Enumerable.Range(0, clients.Length).Reverse())
            {
                figure[index] = await MeasureAsync(clients[index], uri);
            }

            if (round >= 0)
            {
                figures.Add(figure);
            }
        }

        return figures;
    }

    private static async Task<(double Microseconds, double Bytes)> MeasureAsync(OutgoingClient client, Func<Uri> uri)
    {
        await client.GetAsync(uri());
        var (begun, allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
        for (var call = 0; call < Calls; call++)
        {
            await client.GetAsync(uri());
        }

        return (
            Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Calls,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / Calls);
    }
}
