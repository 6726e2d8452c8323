namespace RedisResilience.Gateway.Health;

/// <summary>One switch for all calls. While it is closed, calls are sent. While it is open, calls get no answer at once.</summary>
/// <remarks>
/// It opens after a fault of the whole server, and after missed deadlines in a row. Only the background probe closes it, never a caller's
/// request.
/// </remarks>
internal sealed class CircuitBreaker
{
    private const int MissesToOpen = 5;

    private readonly Lock _lock = new();
    private volatile bool _isClosed;
    private bool _isExplained;
    private int _misses;
    private long _generation;
    private TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsClosed => _isClosed;

    /// <summary>Why it is open; <see cref="Fault.None"/> before the first connection attempt.</summary>
    public Fault Reason { get; private set; }

    /// <summary>Whether the latest calls have waited in vain.</summary>
    public bool HasMissed => Volatile.Read(ref _misses) != 0;

    /// <summary>How often it has closed.</summary>
    public long Generation => Volatile.Read(ref _generation);

    public Task WaitUntilClosedAsync()
    {
        lock (_lock)
        {
            return _closed.Task;
        }
    }

    /// <summary>Ends a run of misses.</summary>
    public void RecordAnswer()
    {
        if (HasMissed)
        {
            Volatile.Write(ref _misses, 0);
        }
    }

    /// <summary>True when there were so many missed deadlines in a row that the circuit must open.</summary>
    public bool RecordMiss() => Interlocked.Increment(ref _misses) >= MissesToOpen;

    /// <summary>Opens. True when this is news: it was closed, or no reason was known yet.</summary>
    public bool TryOpen(Fault reason)
    {
        lock (_lock)
        {
            if (!_isClosed && Reason != Fault.None)
            {
                return false;
            }

            Reason = reason;
            _isExplained = false;
            if (_isClosed)
            {
                _closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _isClosed = false;
            }

            return true;
        }
    }

    /// <summary>
    /// Sets the reason why the circuit is open. True, once, when the only known reason until then was the missing connection.
    /// </summary>
    public bool Explain(Fault reason)
    {
        lock (_lock)
        {
            var isNews = !_isClosed && !_isExplained && Explains(reason);
            Reason = _isClosed ? Reason : reason;
            _isExplained |= isNews;
            return isNews;
        }
    }

    /// <summary>Closes. True when it was open.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            Reason = Fault.None;
            _misses = 0;
            _generation++;
            _isClosed = true;
            _closed.SetResult();
            return true;
        }
    }

    // That nobody listens after a connection was lost is what everybody expects.
    private bool Explains(Fault reason) =>
        reason is not (Fault.ConnectionFailed or Fault.ConnectionLost or Fault.DeadlineExceeded)
        && (Reason == Fault.ConnectionFailed || (Reason == Fault.ConnectionLost && reason != Fault.ConnectionRefused));
}
