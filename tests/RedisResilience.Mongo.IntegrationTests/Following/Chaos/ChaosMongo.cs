using RedisResilience.Mongo.IntegrationTests.Servers;
using RedisResilience.Mongo.IntegrationTests.Wire;

namespace RedisResilience.Mongo.IntegrationTests.Following.Chaos;

/// <summary>
/// The MongoDB of a chaos run: the tests' own, to which anything can happen; or a real one, which does what it is asked for.
/// </summary>
internal sealed class ChaosMongo : IAsyncDisposable
{
    public static readonly TimeSpan Election = TimeSpan.FromMilliseconds(700);

    private readonly WireReplicaSet? _wire;

    private ChaosMongo(string connectionString, WireReplicaSet? wire) => (ConnectionString, _wire) = (connectionString, wire);

    public string ConnectionString { get; }

    public string Database { get; } = $"chaos{Guid.NewGuid():N}";

    public static IEnumerable<Trouble> CanDo(MongoKind kind) => kind == MongoKind.Wire
        ? Enum.GetValues<Trouble>()
        : [Trouble.WatcherStops, Trouble.StepDown, Trouble.RedisAway, Trouble.Burst, .. RealSet.CanKill
            ? [Trouble.PrimaryKilled]
            : Array.Empty<Trouble>()];

    public static async Task<ChaosMongo> StartAsync(MongoKind kind, params IEnumerable<Trouble> troubles)
    {
        if (kind == MongoKind.Wire)
        {
            var wire = new WireReplicaSet();
            return new ChaosMongo(wire.ConnectionString, wire);
        }

        var real = await MongoServers.ConnectionStringAsync(kind);
        if (troubles.Except(CanDo(kind)).Any() || (troubles.Contains(Trouble.PrimaryKilled) && await MongoServers.MembersAsync(real) < 3))
        {
            Assert.Ignore("A real MongoDB does not do that on demand.");
        }

        return new ChaosMongo(real, wire: null);
    }

    /// <summary>History is lost, and no connection with it: whoever follows is told when it asks next.</summary>
    public void ForgetHistory() => _wire!.Store.ForgetHistory();

    public async Task DoAsync(Trouble trouble)
    {
        if (_wire is not { } wire)
        {
            var real = new RealSet(ConnectionString);
            await (trouble == Trouble.PrimaryKilled ? real.KillPrimaryAsync() : real.StepDownAsync());
            return;
        }

        switch (trouble)
        {
            case Trouble.MongoCut:
                wire.CutConnections();
                break;
            case Trouble.MongoAway:
                await wire.StopAsync();
                await Task.Delay(Election, TimeProvider.System);
                wire.Start();
                break;
            case Trouble.CursorLost:
                wire.ForgetCursors();
                break;
            case Trouble.AnswerLost:
                wire.Faults.Inject("getMore", Fault.CutAfter, times: 3);
                break;
            case Trouble.StepDown:
                await wire.Elections.StepDownAsync(Election);
                break;
            case Trouble.PrimaryKilled:
                await wire.Elections.KillPrimaryAsync(Election);
                break;
            case Trouble.HistoryLost:
                wire.Store.ForgetHistory();
                wire.CutConnections();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(trouble), trouble, "It does not happen to MongoDB.");
        }
    }

    public ValueTask DisposeAsync() => _wire?.DisposeAsync() ?? ValueTask.CompletedTask;
}
