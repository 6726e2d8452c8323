using System.Collections.Concurrent;
using System.Diagnostics;

namespace RedisResilience.IntegrationTests.Sample;

/// <summary>Clients that read predictions without pause, and note what each request came to.</summary>
internal sealed class RequestLoad : IAsyncDisposable
{
    private const int Clients = 4;
    private static readonly string[] Symbols = ["AAPL", "AMZN", "GOOG", "IBM", "MSFT"];

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Outcome> _outcomes = [];
    private readonly PredictionsApp _app;
    private readonly Task[] _clients;

    public RequestLoad(PredictionsApp app)
    {
        _app = app;
        _clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() => RequestAsync(client)))];
    }

    public IReadOnlyCollection<Outcome> Outcomes => _outcomes;

    /// <summary>Waits for so many more outcomes of a kind.</summary>
    public async Task UntilAsync(int more, Func<Outcome, bool> kind)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var known = _outcomes.Count; _outcomes.Skip(known).Count(kind) < more;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        _end.Dispose();
    }

    private async Task RequestAsync(int client)
    {
        for (var round = client; !_end.IsCancellationRequested; round++)
        {
            var began = Stopwatch.GetTimestamp();
            var (result, isHit) = await SendAsync(Symbols[round % Symbols.Length]);
            _outcomes.Enqueue(new Outcome(result, isHit, Stopwatch.GetElapsedTime(began)));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private async Task<(string Result, bool IsHit)> SendAsync(string symbol)
    {
        try
        {
            using var response = await _app.SendAsync(HttpMethod.Get, $"/predictions/{symbol}");
            return (response.StatusCode.ToString(), response.Field("Cache-Status")?.Contains("; hit", StringComparison.Ordinal) == true);
        }
        catch (Exception exception)
        {
            return (exception.Message, false);
        }
    }

    /// <param name="Result">The status, or what was thrown.</param>
    /// <param name="IsHit">Whether the body came from Redis.</param>
    /// <param name="Elapsed">How long the client waited.</param>
    public sealed record Outcome(string Result, bool IsHit, TimeSpan Elapsed);
}
