using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Filling;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.LocalTier;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Caching.Stores;

/// <summary>Creates and connects the parts of a cache over a store.</summary>
internal sealed class ResponseCacheParts
{
    private const string TagPart = OwnKeys.Word + "tag:";

    private readonly RedisResilienceOptions _options;

    public ResponseCacheParts(
        IEntryReads reads, IEntryStore store, RedisResilienceOptions options, TimeProvider timeProvider, LocalEntries? local = null,
        StoredKeys? keys = null)
    {
        _options = options;
        TimeProvider = timeProvider;
        Reads = reads;
        Store = store;
        Local = local;
        var tags = TagVersions(store);
        var spaces = NamespaceVersions(store, local is null ? null : local.InvalidateAll);
        Namespaces = new Namespaces(spaces);
        Stamps = new TagStamps(tags);
        Judge = new EntryJudge(Stamps, options.MaximumEntrySize, timeProvider);
        Composer = new EntryComposer(
            store.KeyPrefix, options, keys ?? new StoredKeys(options.MaximumStoredKeys, timeProvider), timeProvider);
        Pause = new WritePause(timeProvider);
        Releases = new LeaseReleases(store, timeProvider);
        Gate = new SourceGate(options.MaximumConcurrentLoads, options.MaximumQueuedLoads, timeProvider);
        var turns = new StoreTurns(timeProvider);
        var loads = new InFlightLoads(
            new LoadRunner(store, Gate, Composer, Stamps, new LeaseRenewals(store, timeProvider), Releases, Pause, turns, timeProvider));
        var requests = new LeaseRequests(store, loads, Stamps, Releases, Pause, turns, timeProvider);
        Filler = new Filler(loads, requests, Stamps, Pause, timeProvider);
        Removals = new Removals(store, tags, spaces, timeProvider);
        Pending = new PendingInvalidations(Removals, tags, spaces, options.MaximumRememberedInvalidations, timeProvider);
    }

    public IEntryReads Reads { get; }

    public IEntryStore Store { get; }

    public TimeProvider TimeProvider { get; }

    /// <summary>Copies in this process; null when none are kept.</summary>
    public LocalEntries? Local { get; }

    public Namespaces Namespaces { get; }

    public TagStamps Stamps { get; }

    public EntryJudge Judge { get; }

    public EntryComposer Composer { get; }

    public WritePause Pause { get; }

    public LeaseReleases Releases { get; }

    public Filler Filler { get; }

    public Removals Removals { get; }

    public PendingInvalidations Pending { get; }

    /// <summary>Bounds the loads of the source.</summary>
    public SourceGate Gate { get; }

    /// <summary>Removals through another way to the same store, with nothing known from before.</summary>
    public Removals RemovalsThrough(IEntryStore store) => new(store, TagVersions(store), NamespaceVersions(store), TimeProvider);

    private VersionCopies TagVersions(IEntryStore store) =>
        new(store, TagPart, TagStamps.ShortestLife, _options.MaximumVersionAge, TimeProvider);

    private VersionCopies NamespaceVersions(IEntryStore store, Action? changed = null) => new(
        store, Invalidation.Namespaces.KeyPart, TimeToLiveRules.Longest, _options.MaximumVersionAge, TimeProvider, isPutBack: true,
        changed);
}
