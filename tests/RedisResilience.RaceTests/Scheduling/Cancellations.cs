namespace RedisResilience.RaceTests.Scheduling;

/// <summary>Which tokens are being cancelled, and in which threads: who lets go of a token waits for its callbacks in other
/// threads.</summary>
internal sealed class Cancellations
{
    private readonly Dictionary<Thread, CancellationToken> _underWay = [];

    public void Cancel(CancellationTokenSource source)
    {
        var own = Thread.CurrentThread;
        var outer = _underWay.TryGetValue(own, out var token) ? token : default;
        _underWay[own] = source.Token;
        try
        {
            source.Cancel();
        }
        finally
        {
            _underWay[own] = outer;
        }
    }

    public bool IsUnderWayElsewhere(CancellationToken token) =>
        token.CanBeCanceled && _underWay.Any(pair => pair.Key != Thread.CurrentThread && pair.Value == token);
}
