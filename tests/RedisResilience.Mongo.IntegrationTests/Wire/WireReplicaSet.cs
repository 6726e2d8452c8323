using System.Collections.Concurrent;
using MongoDB.Bson;

namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>
/// A small MongoDB for tests: a replica set, or a standalone server, that speaks the wire protocol to the real driver. It knows the commands, operators and
/// expressions that the adapter uses, and refuses all others as a real server refuses what it does not know.
/// </summary>
internal sealed class WireReplicaSet : IAsyncDisposable
{
    private readonly WireMember[] _members;
    private readonly WireCommands _commands;
    private volatile WireMember? _primary;
    private int _term = 1;

    public WireReplicaSet(bool isStandalone = false)
    {
        IsReplicaSet = !isStandalone;
        _members = [.. Enumerable.Range(0, isStandalone ? 1 : 2).Select(_ => new WireMember(this))];
        _commands = new WireCommands(Store, IsReplicaSet);
        foreach (var member in _members)
        {
            member.Start();
        }

        _primary = _members[0];
    }

    public bool IsReplicaSet { get; }

    public WireStore Store { get; } = new();

    public Faults Faults { get; } = new();

    /// <summary>How often each command was executed.</summary>
    public ConcurrentDictionary<string, int> Commands { get; } = new();

    public string ConnectionString => IsReplicaSet
        ? $"mongodb://{string.Join(',', _members.Select(member => member.Host))}/?replicaSet=wire&heartbeatFrequencyMS=500"
        : $"mongodb://{_members[0].Host}/?heartbeatFrequencyMS=500";

    /// <summary>The primary steps down; after an election another member is the primary.</summary>
    public async Task StepDownAsync(TimeSpan election)
    {
        var old = _primary;
        _primary = null;
        await Task.Delay(election, TimeProvider.System);
        Interlocked.Increment(ref _term);
        _primary = _members.First(member => member != old);
    }

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

    public async Task<BsonDocument> ExecuteAsync(BsonDocument command, WireMember member, bool saysNotPrimary, CancellationToken cancellationToken)
    {
        var name = command.GetElement(0).Name;
        Commands.AddOrUpdate(name, 1, static (_, count) => count + 1);
        BsonDocument reply;
        try
        {
            reply = name.ToUpperInvariant() is "HELLO" or "ISMASTER" ? Hello(member)
                : saysNotPrimary || (member != _primary && name != "ping") ? throw WireException.NotPrimary()
                : await _commands.ExecuteAsync(name, command, cancellationToken);
            reply.Set("ok", 1.0);
        }
        catch (WireException refused)
        {
            reply = refused.ToReply();
        }

        if (IsReplicaSet)
        {
            var time = WireStore.TimeOf(Store.Sequence);
            reply["operationTime"] = time;
            reply["$clusterTime"] = new BsonDocument
            {
                { "clusterTime", time }, { "signature", new BsonDocument { { "hash", new byte[20] }, { "keyId", 0L } } },
            };
        }

        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }
    }

    private BsonDocument Hello(WireMember member)
    {
        var isPrimary = member == _primary;
        var hello = new BsonDocument
        {
            { "helloOk", true }, { "isWritablePrimary", isPrimary }, { "ismaster", isPrimary },
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", 48_000_000 }, { "maxWriteBatchSize", 100_000 },
            { "localTime", new BsonDateTime(TimeProvider.System.GetUtcNow().UtcDateTime) },
            { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", 1 }, { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "readOnly", false },
        };
        if (!IsReplicaSet)
        {
            return hello;
        }

        hello.Add("setName", "wire");
        hello.Add("setVersion", 1);
        hello.Add("secondary", !isPrimary);
        hello.Add("hosts", new BsonArray(_members.Select(one => one.Host)));
        hello.Add("me", member.Host);
        if (_primary is { } primary)
        {
            hello.Add("primary", primary.Host);
        }

        if (isPrimary)
        {
            hello.Add("electionId", new ObjectId($"7fffffff0000000000{_term:x6}"));
        }

        return hello;
    }
}
