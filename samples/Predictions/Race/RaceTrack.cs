using System.Text.Json;
using System.Threading.Channels;
using Predictions.Embedded;
using Predictions.Source;
using RedisResilience.Diagnostics;

namespace Predictions.Race;

/// <summary>Runs both lanes while a page is open, and tells it what happens as server-sent events.</summary>
internal sealed class RaceTrack(
    EmbeddedRedis redis, IRedisStatus status, IPredictionSource source, TimeProvider timeProvider, IHostApplicationLifetime lifetime)
        : IDisposable
{
    private const string Document = "AAPL";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly SemaphoreSlim _places = new(4);

    public async Task ServeAsync(HttpContext context)
    {
        if (!_places.Wait(0, CancellationToken.None))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await SendAsync(context, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
        finally
        {
            await ending.CancelAsync();
            _places.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _places.Dispose();
    }

    private async Task SendAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var events = Channel.CreateUnbounded<RaceEvent>();

        // The sample's own address, whatever the browser calls it.
        var own = new UriBuilder("http", "127.0.0.1", context.Connection.LocalPort).Uri;
        foreach (var name in new[] { "ours", "hybrid" })
        {
            _ = new Lane(name, new Uri(own, $"race/{name}/{Document}"), _client, timeProvider, events.Writer).RunAsync(cancellationToken);
        }

        using var timer = new PeriodicTimer(Interval, timeProvider);
        do
        {
            var message = JsonSerializer.Serialize(Describe(events.Reader), RaceJson.Default.RaceMessage);
            await context.Response.WriteAsync($"data: {message}\n\n", cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private RaceMessage Describe(ChannelReader<RaceEvent> reader)
    {
        var events = new List<RaceEvent>();
        while (reader.TryRead(out var item))
        {
            events.Add(item);
        }

        var current = status.Current;
        return new RaceMessage(
            timeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            current.Availability.ToString().ToLowerInvariant(),
            current.Reason,
            redis.State.ToString().ToLowerInvariant(),
            redis.ProcessId,
            (source as EmbeddedPredictionSource)?.Reads,
            [.. events]);
    }
}
