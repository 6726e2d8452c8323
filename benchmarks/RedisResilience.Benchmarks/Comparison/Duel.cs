using RedisResilience.Benchmarks.Contenders;

namespace RedisResilience.Benchmarks.Comparison;

/// <summary>Two contenders in short alternating rounds, A B B A and then B A A B: whatever disturbs the machine disturbs both, and drift
/// cancels out.</summary>
internal sealed record Duel(string Call, int Callers, int CallsPerCaller, IContender Ours, IContender Raw)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<(Round Ours, Round Raw)>> FightAsync(int pairs)
    {
        await WarmUpAsync();
        var results = new List<(Round, Round)>(pairs);
        for (var pair = 0; pair < pairs; pair++)
        {
            var (first, second) = pair % 2 == 0 ? (Ours, Raw) : (Raw, Ours);
            var early = await RunAsync(first);
            var other = Round.Mean(await RunAsync(second), await RunAsync(second));
            var same = Round.Mean(early, await RunAsync(first));
            results.Add(pair % 2 == 0 ? (same, other) : (other, same));
        }

        return results;
    }

    // Long enough for the runtime to have compiled and recompiled what is hot, which it does after a while and not after so many calls.
    private async Task WarmUpAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < 20 || TimeProvider.System.GetElapsedTime(started) < WarmUp; round++)
        {
            await RunAsync(Ours);
            await RunAsync(Raw);
        }
    }

    private Task<Round> RunAsync(IContender contender) => Round.RunAsync(contender, Callers, CallsPerCaller);
}
