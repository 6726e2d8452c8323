using RedisResilience.IntegrationTests.Servers;
using StackExchange.Redis;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>The servers and the network of one run, and how to put the fault in and out.</summary>
internal sealed class ChaosStage : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly CancellationTokenSource _end = new();
    private Task _loop = Task.CompletedTask;

    public required string ConnectionString { get; set; }

    /// <summary>The servers that hold keys.</summary>
    public required IReadOnlyList<TestServer> Servers { get; init; }

    public required ChaosEffect Effect { get; init; }

    /// <summary>Puts the fault in.</summary>
    public Func<Task> Begin { get; set; } = () => Task.CompletedTask;

    /// <summary>Lifts the fault. Null: it cannot be lifted.</summary>
    public Func<Task>? Lift { get; set; } = () => Task.CompletedTask;

    /// <summary>How soon the fault must have been noticed: an error or a lost connection at once, silence after two deadlines.</summary>
    public TimeSpan TimeToDetect { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How soon Redis must be in use again.</summary>
    public TimeSpan TimeToRecover { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether Redis is there when the nodes start.</summary>
    public bool IsThereAtStart { get; init; } = true;

    /// <summary>How often the fault makes Redis forget all that it has counted; null where it cannot be told.</summary>
    public int? Losses { get; init; } = 0;

    /// <summary>How long a reader may wait for a load that has ended, where the fault brings its lease back.</summary>
    public TimeSpan ReturnedLease { get; init; }

    /// <summary>Whether Redis may lose what it has acknowledged: its replicas follow without being waited for.</summary>
    public bool MayLoseAcknowledged { get; init; }

    /// <summary>Connections that one node holds to a server; null where the topology decides.</summary>
    public int? ConnectionsPerNode { get; init; } = 1;

    /// <summary>Connections of the stage's own to the server.</summary>
    public int OtherConnections { get; set; }

    /// <summary>What the servers ask for at the end.</summary>
    public string? Password { get; init; }

    /// <summary>The least that the fault lasts, however brief the run is.</summary>
    public TimeSpan LeastTime { get; init; }

    /// <summary>How many of the nodes live through the run.</summary>
    public int Survivors { get; init; } = int.MaxValue;

    /// <summary>The nodes, once they are there.</summary>
    public IReadOnlyList<ResilientService> Nodes { get; set; } = [];

    public T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Does something again and again, until the fault is lifted.</summary>
    public void Repeat(TimeSpan interval, Func<Task> act) => _loop = Task.Run(async () =>
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await act();
                await Task.Delay(interval, TimeProvider.System, _end.Token);
            }
            catch (Exception exception) when (exception is RedisException or OperationCanceledException or InvalidOperationException)
            {
                // The fault hits its maker too.
            }
        }
    });

    public async Task EndLoopAsync()
    {
        await _end.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        await EndLoopAsync();
        for (var last = _owned.Count - 1; last >= 0; last--)
        {
            await _owned[last].DisposeAsync();
        }

        _end.Dispose();
    }
}
