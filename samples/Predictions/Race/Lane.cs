using System.Diagnostics;
using System.Threading.Channels;

namespace Predictions.Race;

/// <summary>Asks for one document ten times a second, whether it has been answered or not, as a service's clients do.</summary>
internal sealed class Lane(string name, Uri address, HttpClient client, TimeProvider timeProvider, ChannelWriter<RaceEvent> events)
{
    /// <summary>So many who wait are enough to see that they do.</summary>
    private const int MostWaiting = 60;

    private const int WarmUps = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private int _waiting;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await WarmUpAsync(cancellationToken);
        using var timer = new PeriodicTimer(Interval, timeProvider);
        for (var number = 0; await timer.WaitForNextTickAsync(cancellationToken); number++)
        {
            if (_waiting < MostWaiting)
            {
                _ = AskAsync(number, cancellationToken);
            }
        }
    }

    // What the runtime compiles at a first call is not what is shown here.
    private async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        for (var number = 0; number < WarmUps; number++)
        {
            await TryAsync(cancellationToken);
        }
    }

    private async Task AskAsync(int number, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        var started = Stopwatch.GetTimestamp();
        events.TryWrite(new RaceEvent(name, number, timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), null, null));
        var how = await TryAsync(cancellationToken);
        Interlocked.Decrement(ref _waiting);
        events.TryWrite(new RaceEvent(
            name, number, timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), Stopwatch.GetElapsedTime(started).TotalMilliseconds, how));
    }

    private async Task<string> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(address, cancellationToken);
            return !response.IsSuccessStatusCode ? "failed"
                : response.Headers.TryGetValues("Cache-Status", out var statuses)
                    && statuses.Any(status => status.Contains("; hit", StringComparison.Ordinal)) ? "cache"
                : "source";
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return "failed";
        }
    }
}
