using System.Collections.Concurrent;
using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>
/// A small MongoDB for tests: a replica set of three, or a standalone server, that speaks the wire protocol to the real driver. It knows
/// the commands,
/// operators and expressions that the adapter uses, and refuses all others as a real server refuses what it does not know. Each member has
/// come so far in the
/// history of the set as its lags say, and shows so much of it to readers of the majority; by default none lags.
/// </summary>
internal sealed class WireReplicaSet : IAsyncDisposable
{
    private readonly SemaphoreSlim _line = new(1);
    private readonly WireMember[] _members;
    private readonly WireVersion _version;
    private readonly WireCommands _commands;

    public WireReplicaSet(bool isStandalone = false, WireVersion? version = null)
    {
        _version = (version ?? WireVersion.V70) with { IsReplicaSet = !isStandalone };
        _members = [.. Enumerable.Range(0, isStandalone ? 1 : 3).Select(_ => new WireMember(this))];
        Store = new WireStore([.. _members.Select(member => member.Progress)]);
        _commands = new WireCommands(Store, _version);
        Elections = new WireElections(_members, Store);
        Start();
    }

    public bool IsReplicaSet => _version.IsReplicaSet;

    public WireStore Store { get; }

    public WireElections Elections { get; }

    public Faults Faults { get; } = new();

    /// <summary>How far the members are. The first one begins as the primary; the next in their order follow it.</summary>
    public IReadOnlyList<MemberProgress> Members => [.. _members.Select(member => member.Progress)];

    /// <summary>How often each command was executed.</summary>
    public ConcurrentDictionary<string, int> Commands { get; } = new();

    public string ConnectionString => IsReplicaSet
        ? $"mongodb://{string.Join(',', _members.Select(member => member.Host))}/?replicaSet=wire&heartbeatFrequencyMS=500"
        : $"mongodb://{_members[0].Host}/?heartbeatFrequencyMS=500";

    public Task StopAsync() => Task.WhenAll(_members.Select(member => member.StopAsync()));

    public void Start()
    {
        foreach (var member in _members)
        {
            member.Start();
        }
    }

    /// <summary>As after a restart: a driver that asks for more is told that there is no such cursor.</summary>
    public void ForgetCursors()
    {
        lock (Store.Lock)
        {
            Store.Cursors.Clear();
        }
    }

    public void CutConnections()
    {
        foreach (var member in _members)
        {
            member.CutConnections();
        }
    }

    public async Task<BsonDocument> ExecuteAsync(BsonDocument command, WireMember member, Fault? fault, CancellationToken cancellationToken)
    {
        var name = command.GetElement(0).Name;
        Commands.AddOrUpdate(name, 1, static (_, count) => count + 1);
        Hear(command, member);
        BsonDocument reply;
        try
        {
            if (name.ToUpperInvariant() is "HELLO" or "ISMASTER")
            {
                reply = Hello(member);
            }
            else
            {
                Elections.RoleOf(member).Check(name, command, fault);
                await (fault == Fault.Slow ? WaitInLineAsync(cancellationToken) : Task.CompletedTask);
                reply = await _commands.ExecuteAsync(name, command, member, cancellationToken);
            }

            reply.Set("ok", 1.0);
        }
        catch (WireException refused)
        {
            reply = refused.ToReply();
        }

        return IsReplicaSet ? Stamp(reply, member) : reply;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        _line.Dispose();
    }

    private async Task WaitInLineAsync(CancellationToken cancellationToken)
    {
        await _line.WaitAsync(cancellationToken);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        finally
        {
            _line.Release();
        }
    }

    private void Hear(BsonDocument command, WireMember member)
    {
        if (command.TryGetValue("$clusterTime", out var time))
        {
            lock (Store.Lock)
            {
                member.Hear(WireStore.SequenceOf(time["clusterTime"].AsBsonTimestamp));
            }
        }
    }

    private BsonDocument Stamp(BsonDocument reply, WireMember member)
    {
        long applied, heard;
        lock (Store.Lock)
        {
            (applied, heard) = (member.Progress.Applied, member.ClusterTime);
        }

        reply["operationTime"] = WireStore.TimeOf(applied);
        reply["$clusterTime"] = new BsonDocument
        {
            { "clusterTime", WireStore.TimeOf(heard) }, { "signature", new BsonDocument { { "hash", new byte[20] }, { "keyId", 0L } } },
        };
        return reply;
    }

    private BsonDocument Hello(WireMember member) => WireHello.Of(
        _version, Elections.RoleOf(member), member.Host, Elections.PrimaryFor(member)?.Host, [.. _members.Select(one => one.Host)]);
}
