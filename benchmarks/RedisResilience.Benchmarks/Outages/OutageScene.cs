using RedisResilience.IntegrationTests.Servers;

namespace RedisResilience.Benchmarks.Outages;

/// <summary>A server behind a network that can be broken, and one fault.</summary>
internal sealed class OutageScene : IAsyncDisposable
{
    private readonly OutageKind _kind;
    private readonly RedisServer _server = RedisServer.Start();
    private readonly FaultyNetwork _network;
    private readonly CancellationTokenSource _end = new();
    private Task _loop = Task.CompletedTask;

    public OutageScene(OutageKind kind)
    {
        _kind = kind;
        _network = new FaultyNetwork(_server.Port);
        if (kind == OutageKind.AbsentAtStart)
        {
            _server.Kill();
        }
    }

    public string ConnectionString => $"{_network.ConnectionString},abortConnect=false";

    public void Begin()
    {
        switch (_kind)
        {
            case OutageKind.Killed:
                _server.Kill();
                break;
            case OutageKind.Frozen:
                _server.Signal("STOP");
                break;
            case OutageKind.UpAndDownEverySecond:
                _loop = FlapAsync();
                break;
            case OutageKind.AbsentAtStart:
                break;
            default:
                _network.Change(Fault);
                break;
        }
    }

    public async Task LiftAsync()
    {
        await _end.CancelAsync();
        await _loop;
        switch (_kind)
        {
            case OutageKind.Killed or OutageKind.AbsentAtStart:
                _server.Restart();
                break;
            case OutageKind.Frozen or OutageKind.UpAndDownEverySecond:
                _server.Signal("CONT");
                break;
            case OutageKind.HalfOpenConnection:
                break;
            default:
                _network.Change(NetworkFault.None);
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _server.Dispose();
        _end.Dispose();
    }

    private NetworkFault Fault => _kind switch
    {
        OutageKind.BlackHole => NetworkFault.BlackHole,
        OutageKind.AcceptsAndNeverAnswers => NetworkFault.NeverAnswers,
        OutageKind.HalfOpenConnection => NetworkFault.HalfOpen,
        OutageKind.CutInMidReply => NetworkFault.CutMidReply,
        OutageKind.GarbageBytes => NetworkFault.Garbage,
        _ => NetworkFault.Latency1000,
    };

    private async Task FlapAsync()
    {
        for (var isUp = true; !_end.IsCancellationRequested; isUp = !isUp)
        {
            _server.Signal(isUp ? "STOP" : "CONT");
            await Task.Delay(
                TimeSpan.FromSeconds(1), TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
