using RedisResilience.Diagnostics;

namespace RedisResilience.Dashboard.Recording;

/// <summary>Records the last five minutes while somebody looks, and for a minute after that, so that to reload the page loses
/// nothing.</summary>
/// <param name="status">The status of Redis.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="always">Whether to record while nobody looks.</param>
internal sealed class Recorder(IRedisStatus status, TimeProvider timeProvider, bool always) : IDisposable
{
    private const int Kept = 300;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<Second> _seconds = new();
    private TrafficListener? _listener;
    private ITimer? _timer;
    private Moment? _latest;
    private long _lastLook;
    private int _viewers;
    private bool _isDisposed;

    /// <summary>Whether anything is recorded just now.</summary>
    public bool IsRecording
    {
        get
        {
            lock (_lock)
            {
                return _listener is not null;
            }
        }
    }

    /// <summary>The key and the policy of a denied key that the page showed. Null when they are not stored any more.</summary>
    public (string Key, string Policy)? FindDenied(string id)
    {
        lock (_lock)
        {
            return _listener?.Denied.Find(id);
        }
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_listener is null && !_isDisposed)
            {
                _listener = new TrafficListener(timeProvider);
                Take(_listener);
                _timer = timeProvider.CreateTimer(_ => Tick(), null, Interval, Interval);
            }
        }
    }

    /// <summary>Looks on until what is returned is disposed.</summary>
    /// <param name="history">The seconds so far, the oldest first.</param>
    /// <param name="latest">The last of them.</param>
    public IDisposable Watch(out Second[] history, out Moment latest)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _viewers++;
            Start();
            (history, latest) = ([.. _seconds], _latest!);
            return new Viewer(this);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Stop();
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _viewers--;
            _lastLook = timeProvider.GetTimestamp();
        }
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_listener is null)
            {
                return;
            }

            if (!always && _viewers == 0 && timeProvider.GetElapsedTime(_lastLook) >= Linger)
            {
                Stop();
                return;
            }

            Take(_listener);
        }
    }

    private void Take(TrafficListener listener)
    {
        var current = status.Current;
        var second = listener.Take(timeProvider.GetUtcNow(), current);
        _seconds.Enqueue(second);
        if (_seconds.Count > Kept)
        {
            _seconds.Dequeue();
        }

        var next = new Moment((_latest?.Number ?? 0) + 1, second, current, listener.Denied.Busiest());
        _latest?.Follow(next);
        _latest = next;
    }

    private void Stop()
    {
        _timer?.Dispose();
        _listener?.Dispose();
        _latest?.End();
        (_timer, _listener, _latest) = (null, null, null);
        _seconds.Clear();
    }

    private sealed class Viewer(Recorder recorder) : IDisposable
    {
        private Recorder? _recorder = recorder;

        public void Dispose() => Interlocked.Exchange(ref _recorder, null)?.Leave();
    }
}
