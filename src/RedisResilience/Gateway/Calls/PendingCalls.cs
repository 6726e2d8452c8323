namespace RedisResilience.Gateway.Calls;

/// <summary>The calls in flight and the one timer that ends them at their deadline.</summary>
/// <remarks>
/// A timer per call would cost more than the call's own bookkeeping. This one is armed for the earliest deadline when the first call comes
/// in, and
/// again each time it fires while calls are waiting: at most once per deadline under load, never when idle.
/// </remarks>
internal sealed class PendingCalls : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private readonly int _capacity;
    private TaskCompletionSource? _ended;
    private PendingCall? _newest;
    private int _count;
    private long _armedFor = long.MaxValue;
    private bool _isDisposed;

    public PendingCalls(TimeProvider timeProvider, int capacity)
    {
        _timeProvider = timeProvider;
        _capacity = capacity;
        _timer = timeProvider.CreateTimer(
            static state => ((PendingCalls)state!).EndExpired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether too many calls are waiting to accept one more.</summary>
    public bool IsFull => Volatile.Read(ref _count) >= _capacity;

    public void Add(PendingCall call, long expiresAt)
    {
        lock (_lock)
        {
            call.ExpiresAt = expiresAt;
            call.Previous = null;
            call.Next = _newest;
            if (_newest is not null)
            {
                _newest.Previous = call;
            }

            _newest = call;
            _count++;
            if (_isDisposed)
            {
                End_NeedsLock(call);
            }
            else if (expiresAt < _armedFor)
            {
                Arm_NeedsLock(expiresAt);
            }
        }
    }

    public void Remove(PendingCall call)
    {
        lock (_lock)
        {
            Remove_NeedsLock(call);
        }
    }

    /// <summary>Completes when no call waits any more.</summary>
    public Task WhenEndedAsync()
    {
        lock (_lock)
        {
            return _count == 0 ? Task.CompletedTask
                : (_ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Ends the calls that still wait: no reply and no deadline will.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            for (var call = _newest; call is not null;)
            {
                var next = call.Next;
                End_NeedsLock(call);
                call = next;
            }
        }
    }

    private void EndExpired()
    {
        lock (_lock)
        {
            var now = _timeProvider.GetTimestamp();
            _armedFor = long.MaxValue;
            for (var call = _newest; call is not null;)
            {
                var next = call.Next;
                if (call.ExpiresAt > now)
                {
                    _armedFor = Math.Min(_armedFor, call.ExpiresAt);
                }
                else
                {
                    End_NeedsLock(call);
                }

                call = next;
            }

            if (_armedFor != long.MaxValue && !_isDisposed)
            {
                Arm_NeedsLock(_armedFor);
            }
        }
    }

    private void Arm_NeedsLock(long expiresAt)
    {
        _armedFor = expiresAt;
        var due = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), expiresAt);

        // Timers count whole milliseconds and drop the rest: rounded down, they would fire just too early, and again.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(due.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void End_NeedsLock(PendingCall call)
    {
        if (call.TryEnd(PendingCall.Outcome.Expired))
        {
            Remove_NeedsLock(call);
            ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: false);
        }
    }

    private void Remove_NeedsLock(PendingCall call)
    {
        if (call.Previous is not null)
        {
            call.Previous.Next = call.Next;
        }
        else
        {
            _newest = call.Next;
        }

        if (call.Next is not null)
        {
            call.Next.Previous = call.Previous;
        }

        call.Previous = call.Next = null;
        if (--_count == 0)
        {
            _ended?.TrySetResult();
            _ended = null;
        }
    }
}
