using BitFaster.Caching.Scheduler;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Invalidations;
using RedisResilience.RaceTests.Scheduling;

namespace RedisResilience.RaceTests.Races;

/// <summary>Readers that keep copies while the entry is changed, everything is dropped, and the news are lost and come again: no copy is
/// older than a change that was acknowledged before.</summary>
internal sealed class LocalEntryRace : Race, IInvalidationPublisher
{
    private const string Key = "key";
    private Interleaving _run = null!;
    private LocalEntries _entries = null!;
    private byte _version;
    private byte _acknowledged;

    public override void Begin(Interleaving run)
    {
        _run = run;
        _entries = new LocalEntries(
            new LocalTierOptions { KeyPrefixes = { Key }, MaximumStaleness = TimeSpan.FromMinutes(1) }, this, run.Clock,
            new ForegroundScheduler());
        _entries.Trust(LocalTierMode.Messages);
        run.Start(ReadAsync);
        run.Start(ReadAsync);
        run.Start(ReadAsync);
        run.Start(() => ChangeAsync(() => _entries.Change(Key)));
        run.Start(() => ChangeAsync(_entries.InvalidateAll));
        run.Start(() => ChangeAsync(() =>
        {
            _entries.Distrust();
            _entries.Trust(LocalTierMode.Messages);
        }));
    }

    public void Publish(string key)
    {
    }

    public void Listen(IInvalidationListener listener, IReadOnlyList<string> prefixes)
    {
    }

    // As the cache reads: what is kept, or else what the server holds, of which it then keeps a copy.
    private async Task ReadAsync()
    {
        for (var read = 0; read < 3; read++)
        {
            var atLeast = _acknowledged;
            if (_entries.TryGet(Key, out var kept))
            {
                Interleaving.Require(kept.Payload.Bytes.Span[0] >= atLeast, "a copy is older than a change that was acknowledged");
            }
            else
            {
                var ticket = _entries.BeginRead(Key);
                await _run.YieldAsync();
                var body = new byte[] { _version };
                await _run.YieldAsync();
                _entries.Keep(Key, ticket, new StoredEntry(
                    new Payload(Exists: true, body, Owner: null), TimeSpan.FromMinutes(1), EntryKind.Plain, Description: null));
            }
        }
    }

    private async Task ChangeAsync(Action tell)
    {
        await _run.YieldAsync();
        var version = ++_version;
        await _run.YieldAsync();
        tell();
        _acknowledged = Math.Max(_acknowledged, version);
    }
}
