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
    private static readonly HashSet<string> OfAnyMember =
        ["ping", "buildInfo", "endSessions", "killSessions", "refreshSessions", "getMore", "killCursors"];
    private static readonly HashSet<string> Reads = ["find", "aggregate"];

    private readonly SemaphoreSlim _line = new(1);
    private readonly WireMember[] _members;
    private readonly WireVersion _version;
    private readonly WireCommands _commands;
    private volatile WireMember? _primary;
    private volatile WireMember? _formerPrimary;
    private int _term = 1;
    private int _formerTerm;

    public WireReplicaSet(bool isStandalone = false, WireVersion? version = null)
    {
        _version = (version ?? WireVersion.V70) with { IsReplicaSet = !isStandalone };
        _members = [.. Enumerable.Range(0, isStandalone ? 1 : 3).Select(_ => new WireMember(this))];
        Store = new WireStore([.. _members.Select(member => member.Progress)]);
        _commands = new WireCommands(Store, _version);
        foreach (var member in _members)
        {
            member.Start();
        }

        _primary = _members[0];
    }

    public bool IsReplicaSet => _version.IsReplicaSet;

    public WireStore Store { get; }

    public Faults Faults { get; } = new();

    /// <summary>How far the members are. The first one begins as the primary; the next in their order follow it.</summary>
    public IReadOnlyList<MemberProgress> Members => [.. _members.Select(member => member.Progress)];

    /// <summary>How often each command was executed.</summary>
    public ConcurrentDictionary<string, int> Commands { get; } = new();

    public string ConnectionString => IsReplicaSet
        ? $"mongodb://{string.Join(',', _members.Select(member => member.Host))}/?replicaSet=wire&heartbeatFrequencyMS=500"
        : $"mongodb://{_members[0].Host}/?heartbeatFrequencyMS=500";

    /// <summary>The primary steps down, and keeps its connections and cursors; after an election the next member is the primary.</summary>
    /// <param name="election">How long there is no primary.</param>
    /// <param name="catchesUp">
    /// Whether the new primary has all that the old one had. If not, what the majority has not acknowledged is rolled back.
    /// </param>
    /// <param name="hold">How long the new primary shows its majority's readers nothing that it did not show before.</param>
    public async Task StepDownAsync(TimeSpan election, bool catchesUp = true, TimeSpan hold = default)
    {
        var old = _primary;
        _primary = null;
        await Task.Delay(election, TimeProvider.System);
        Elect(old!, catchesUp, hold);
    }

    /// <summary>
    /// The primary dies, and its cursors with it; another is elected without what it alone had. It comes back as one that follows.
    /// </summary>
    public async Task KillPrimaryAsync(TimeSpan election)
    {
        var old = _primary!;
        await old.StopAsync();
        lock (Store.Lock)
        {
            foreach (var cursor in Store.Cursors.Values.Where(cursor => cursor.Member == old).ToArray())
            {
                Store.Cursors.Remove(cursor.Id);
            }
        }

        await StepDownAsync(election, catchesUp: false);
        old.Start();
    }

    /// <summary>
    /// The primary is cut off from the others, which elect the next. It answers its clients as if it still were the primary, until
    /// <see cref="Rejoin"/>.
    /// </summary>
    public void Isolate()
    {
        var old = _primary!;
        lock (Store.Lock)
        {
            old.Progress.IsIsolated = true;
        }

        (_formerPrimary, _formerTerm) = (old, _term);
        Elect(old, catchesUp: false, TimeSpan.Zero);
    }

    /// <summary>A primary that was cut off hears of the others again, and follows.</summary>
    public void Rejoin()
    {
        lock (Store.Lock)
        {
            _formerPrimary!.Progress.IsIsolated = false;
        }

        _formerPrimary = null;
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
                CheckRole(name, command, member, fault);
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

    private void Elect(WireMember old, bool catchesUp, TimeSpan hold)
    {
        lock (Store.Lock)
        {
            var next = Enumerable.Range(
                1, _members.Length - 1).Select(step => _members[(Array.IndexOf(_members, old) + step) % _members.Length])
                .Where(member => !member.Progress.IsIsolated);

            // Who has most has all that the majority has.
            var leader = catchesUp ? next.First() : next.MaxBy(member => member.Progress.Applied)!;
            Store.Elect(leader.Progress, catchesUp, hold);
            Interlocked.Increment(ref _term);
            _primary = leader;
        }
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

    private void CheckRole(string name, BsonDocument command, WireMember member, Fault? fault)
    {
        if (fault == Fault.NotAuthorized)
        {
            throw new WireException(13, "Unauthorized", "not authorized");
        }

        var saysNotPrimary = fault == Fault.NotPrimary;
        if (!saysNotPrimary && (member == _primary || OfAnyMember.Contains(name) || (member == _formerPrimary && Reads.Contains(name))))
        {
            return;
        }

        var mode = command.GetValue("$readPreference", new BsonDocument()).AsBsonDocument.GetValue("mode", "primary").AsString;
        if (saysNotPrimary || !Reads.Contains(name))
        {
            throw WireException.NotPrimary();
        }

        if (mode == "primary")
        {
            throw WireException.NotPrimaryNoSecondaryOk();
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

    private BsonDocument Hello(WireMember member)
    {
        var isFormer = member == _formerPrimary;
        var isPrimary = member == _primary || isFormer;
        var hello = new BsonDocument
        {
            { "helloOk", true }, { "isWritablePrimary", isPrimary }, { "ismaster", isPrimary },
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", 48_000_000 }, { "maxWriteBatchSize", 100_000 },
            { "localTime", new BsonDateTime(TimeProvider.System.GetUtcNow().UtcDateTime) },
            { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", 1 }, { "minWireVersion", 0 },
            { "maxWireVersion", _version.MaximumWireVersion }, { "readOnly", false },
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
        if ((isFormer ? member : _primary) is { } primary)
        {
            hello.Add("primary", primary.Host);
        }

        if (isPrimary)
        {
            hello.Add("electionId", new ObjectId($"7fffffff0000000000{(isFormer ? _formerTerm : _term):x6}"));
        }

        return hello;
    }
}
