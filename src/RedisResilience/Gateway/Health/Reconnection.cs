using RedisResilience.Gateway.Connection;

namespace RedisResilience.Gateway.Health;

/// <summary>
/// While Redis cannot be reached, makes new connections beside the old one, about twice a second, until one of them gets an answer.
/// </summary>
/// <remarks>
/// The client also tries by itself, but it notices a silent server only after seconds, and waits for an attempt that it has begun. Each
/// wait here is random, so that the processes of a deployment do not all connect at once.
/// </remarks>
internal sealed class Reconnection : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(700);

    // How long the very first attempt is alone: on a busy machine, or far from its server, it takes longer than the shortest wait, and a
    // second one beside it would cost both of them their processor.
    private static readonly TimeSpan FirstAlone = TimeSpan.FromSeconds(1);

    private readonly IRedisConnection _connection;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly Func<bool> _isWanted;
    private volatile bool _isUnderWay;
    private bool _isFirstAlone;
    private bool _isDisposed;

    public Reconnection(IRedisConnection connection, TimeProvider timeProvider)
    {
        _connection = connection;
        _isWanted = () => _isUnderWay;
        _timer = timeProvider.CreateTimer(
            static state => ((Reconnection)state!).Try(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins beside the very first attempt to connect, which is under way, but not at once.</summary>
    public void BeginLater() => Begin(FirstAlone, isFirstAlone: true);

    public void Begin() => Begin(TimeSpan.Zero, isFirstAlone: false);

    public void End() => _isUnderWay = false;

    /// <summary>Begins or ends with what was found. A server that says why it does not serve has been reached.</summary>
    public void React(Fault fault)
    {
        var remedy = fault.Remedy();
        if (remedy == FaultRemedy.Reconnect || (remedy == FaultRemedy.LogInAnew && _connection.LogsInAnew))
        {
            Begin();
        }
        else
        {
            End();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            (_isDisposed, _isUnderWay) = (true, false);
            _timer.Dispose();
        }
    }

    private void Try()
    {
        lock (_lock)
        {
            if (!_isUnderWay)
            {
                return;
            }

            _isFirstAlone = false;
            Arm_NeedsLock(TimeSpan.Zero);
        }

        _ = _connection.RenewAsync(_isWanted);
    }

    private void Begin(TimeSpan later, bool isFirstAlone)
    {
        lock (_lock)
        {
            if ((!_isUnderWay || _isFirstAlone) && !_isDisposed)
            {
                (_isUnderWay, _isFirstAlone) = (true, isFirstAlone);
                Arm_NeedsLock(later);
            }
        }
    }

    private void Arm_NeedsLock(TimeSpan later) =>
        _timer.Change(later + ShortestWait + ((LongestWait - ShortestWait) * Random.Shared.NextDouble()), Timeout.InfiniteTimeSpan);
}
