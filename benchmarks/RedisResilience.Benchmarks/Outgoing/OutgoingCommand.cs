using System.Diagnostics;

namespace RedisResilience.Benchmarks.Outgoing;

/// <summary>What a request costs that a client's cache answers, beside the same request over loopback; and what the cache costs a request
/// that it does not answer.</summary>
internal static class OutgoingCommand
{
    private const int Rounds = 9;
    private const int Calls = 2000;
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

        Console.WriteLine("| client | a response that is stored, µs | one that is not, µs |");
        Console.WriteLine("|---|---:|---:|");
        OutgoingClient[] clients = [plain, memory, shared, local];
        var (hits, misses) = (clients.ToDictionary(
            client => client, _ => new List<double>()), clients.ToDictionary(client => client, _ => new List<double>()));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var client in clients)
            {
                hits[client].Add(await MeasureAsync(client, Stored));
                misses[client].Add(await MeasureAsync(client, Missed));
            }
        }

        foreach (var client in clients)
        {
            Console.WriteLine($"| {client.Name} | {Median(hits[client]):0.0} | {Median(misses[client]):0.0} |");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<double> MeasureAsync(OutgoingClient client, Uri uri)
    {
        await client.GetAsync(uri);
        var begun = Stopwatch.GetTimestamp();
        for (var call = 0; call < Calls; call++)
        {
            await client.GetAsync(uri);
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / Calls;
    }
}
