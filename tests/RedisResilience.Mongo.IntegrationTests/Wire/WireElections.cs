namespace RedisResilience.Mongo.IntegrationTests.Wire;

/// <summary>Who of the members is the primary, and how another becomes it.</summary>
internal sealed class WireElections(WireMember[] members, WireStore store)
{
    private volatile WireMember? _primary = members[0];
    private volatile WireMember? _formerPrimary;
    private int _term = 1;
    private int _formerTerm;

    public WireRole RoleOf(WireMember member)
    {
        var isFormer = member == _formerPrimary;
        return new WireRole(member == _primary, isFormer, isFormer ? _formerTerm : _term);
    }

    /// <summary>Whom a member takes for the primary.</summary>
    public WireMember? PrimaryFor(WireMember member) => member == _formerPrimary ? member : _primary;

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
        lock (store.Lock)
        {
            foreach (var cursor in store.Cursors.Values.Where(cursor => cursor.Member == old).ToArray())
            {
                store.Cursors.Remove(cursor.Id);
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
        lock (store.Lock)
        {
            old.Progress.IsIsolated = true;
        }

        (_formerPrimary, _formerTerm) = (old, _term);
        Elect(old, catchesUp: false, TimeSpan.Zero);
    }

    /// <summary>A primary that was cut off hears of the others again, and follows.</summary>
    public void Rejoin()
    {
        lock (store.Lock)
        {
            _formerPrimary!.Progress.IsIsolated = false;
        }

        _formerPrimary = null;
    }

    private void Elect(WireMember old, bool catchesUp, TimeSpan hold)
    {
        lock (store.Lock)
        {
            var next = Enumerable.Range(
                1, members.Length - 1).Select(step => members[(Array.IndexOf(members, old) + step) % members.Length])
                .Where(member => !member.Progress.IsIsolated);

            // Who has most has all that the majority has.
            var leader = catchesUp ? next.First() : next.MaxBy(member => member.Progress.Applied)!;
            store.Elect(leader.Progress, catchesUp, hold);
            Interlocked.Increment(ref _term);
            _primary = leader;
        }
    }
}
