using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Gateway.Health;

/// <summary>
/// Asks Redis in the background at intervals whether it is there: more often while Redis is away, and at once after a failure.
/// </summary>
internal sealed class RedisProbe : IDisposable
{
    // Calls that fail one after the other may want a question each.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMilliseconds(500);

    // Often enough to see a gap, and the end of a trial soon.
    private static readonly TimeSpan OnTrialInterval = TimeSpan.FromMilliseconds(100);

    private readonly Func<Task<ProbeResult>> _probe;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private bool _isRunning;
    private bool _isWanted;
    private bool _isDisposed;
    private TimeSpan _retry = ShortestRetry;

    /// <param name="probe">Asks once. An exception counts as no answer.</param>
    /// <param name="interval">How often to ask while Redis is in use.</param>
    /// <param name="timeProvider">The clock.</param>
    public RedisProbe(Func<Task<ProbeResult>> probe, TimeSpan interval, TimeProvider timeProvider)
    {
        _probe = probe;
        _interval = interval;
        _timer = timeProvider.CreateTimer(
            static state => _ = ((RedisProbe)state!).RunAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks as soon as possible: now, or right after the question that is under way.</summary>
    public void Request()
    {
        lock (_lock)
        {
            _isWanted = true;
            if (!_isRunning && !_isDisposed)
            {
                _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private async Task RunAsync()
    {
        lock (_lock)
        {
            if (_isRunning || _isDisposed)
            {
                return;
            }

            _isRunning = true;
            _isWanted = false;
        }

        var result = await AskAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _isRunning = false;
            if (!_isDisposed)
            {
                _timer.Change(NextWait_NeedsLock(result), Timeout.InfiniteTimeSpan);
            }
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever happens to one question, it must not be the last: nobody else closes the circuit.")]
    private async Task<ProbeResult> AskAsync()
    {
        try
        {
            return await _probe().ConfigureAwait(false);
        }
        catch (Exception)
        {
            return ProbeResult.Away;
        }
    }

    private TimeSpan NextWait_NeedsLock(ProbeResult result)
    {
        if (_isWanted)
        {
            return Breath;
        }

        if (result != ProbeResult.Away)
        {
            _retry = ShortestRetry;
            return result == ProbeResult.InUse ? _interval : Jitter(OnTrialInterval);
        }

        var wait = Jitter(_retry);
        _retry = _retry * 2 < LongestRetry ? _retry * 2 : LongestRetry;
        return wait;
    }

    // So that the processes of a deployment do not knock in step.
    private static TimeSpan Jitter(TimeSpan wait) => wait * (0.5 + (Random.Shared.NextDouble() / 2));
}
