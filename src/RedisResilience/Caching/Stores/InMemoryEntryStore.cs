using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Keys;

namespace RedisResilience.Caching.Stores;

/// <summary>Entries in this process: what <see cref="RedisEntryStore"/> does in Redis, under one lock.</summary>
internal sealed class InMemoryEntryStore(TimeProvider timeProvider, long maximumSize) : IEntryStore, IEntryReads
{
    private const long CoolingDown = -1;

    private readonly Lock _lock = new();
    private readonly ExpiringEntries _entries = new(timeProvider, maximumSize);

    public string KeyPrefix => "";

    public IEntryStore Since(long startedAt) => this;

    public bool IsAway => false;

    // What is not asked for is not told: Redis tells an entry's end only to who asks, and its age is then judged by its header.
    public ValueTask<Answer<StoredEntry>> ReadAsync(in EntryRead read) =>
        ReadAsync(read.Key, read.Parts.HasFlag(EntryParts.TimeToLive), read.CancellationToken);

    private ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool asksForEnd, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!_entries.TryGet(key, out var entry, out var left))
        {
            return default;
        }

        var kind = EntryWriter.CanBePlain(entry.Span)
            ? EntryKind.Plain
            : EntryReader.Read(entry.Span, EntryKey.Hash(KeyPrefix, key), out _);
        kind.Record();
        return new StoredEntry(new Payload(Exists: true, entry, null), asksForEnd ? left : null, kind);
    }, cancellationToken);

    public ValueTask<Answer<LeaseReply>> AcquireAsync(string key, LeaseRequest request) => Locked(() =>
    {
        if (_entries.TryGet(key, out var entry, out _)
            && (request.ExpectedHeader.IsEmpty || !entry.Span.StartsWith(request.ExpectedHeader.Span)))
        {
            return new LeaseReply(LeaseStatus.Changed);
        }

        var lease = LeaseOf(key);
        if (TryGetNumber(lease, out var holder, out var left) && (holder != CoolingDown || !request.OverridesCoolDown))
        {
            return new LeaseReply(holder == CoolingDown ? LeaseStatus.Cooling : LeaseStatus.Held, holder, left);
        }

        _entries.Set(lease, BitConverter.GetBytes(request.Token), request.LeaseTime);
        return new LeaseReply(LeaseStatus.Acquired, AcquiredAt: Now);
    });

    public ValueTask<Answer<bool>> RenewAsync(string key, long token, TimeSpan leaseTime) => Locked(() =>
    {
        var stands = HasLease(key, token);
        if (stands)
        {
            _entries.Set(LeaseOf(key), BitConverter.GetBytes(token), leaseTime);
        }

        return stands;
    });

    public ValueTask<Answer<bool>> FillAsync(string key, long token, ReadOnlyMemory<byte> entry, TimeSpan life) => Locked(() =>
    {
        var stands = HasLease(key, token);
        if (stands)
        {
            _entries.Set(key, entry.ToArray(), life);
            _entries.Remove(LeaseOf(key));
        }

        return stands;
    });

    public ValueTask<Answer<bool>> ReleaseAsync(string key, long token, TimeSpan coolDown) => Locked(() =>
    {
        var stands = HasLease(key, token);
        if (stands && coolDown > TimeSpan.Zero)
        {
            _entries.Set(LeaseOf(key), BitConverter.GetBytes(CoolingDown), coolDown);
        }
        else if (stands)
        {
            _entries.Remove(LeaseOf(key));
        }

        return stands;
    });

    public ValueTask<Answer<bool>> SetAsync(string key, ReadOnlyMemory<byte> entry, TimeSpan life, CancellationToken cancellationToken) =>
        Locked(() =>
    {
        _entries.Remove(LeaseOf(key));
        _entries.Set(key, entry.ToArray(), life);
        return true;
    }, cancellationToken);

    public ValueTask<Answer<bool>> RemoveAsync(string key, CancellationToken cancellationToken) => Locked(() =>
    {
        _entries.Remove(LeaseOf(key));
        return _entries.Remove(key);
    }, cancellationToken);

    public ValueTask<Answer<bool>> ExtendAsync(string key, TimeSpan life, CancellationToken cancellationToken) => Locked(() =>
    {
        var exists = _entries.TryGet(key, out var entry, out _);
        if (exists)
        {
            _entries.Set(key, entry, life);
        }

        return exists;
    }, cancellationToken);

    public ValueTask<Answer<bool>> ExtendAsync(string key, SeenPart seen, TimeSpan life) => Locked(() =>
    {
        var isSame = _entries.TryGet(key, out var entry, out _) && seen.IsOf(entry.Span);
        if (isSame)
        {
            _entries.Set(key, entry, life);
        }

        return isSame;
    });

    public ValueTask<Answer<long>> VersionAsync(string key, VersionChange change, TimeSpan life, CancellationToken cancellationToken) =>
        Locked(() => Change_NeedsLock(key, life, isKept: change != VersionChange.Look, stored => change switch
        {
            VersionChange.Ensure when stored == 0 => -TagVersion.At(Now, TagVersion.NewSpread()),
            VersionChange.Replace => Math.Max(TagVersion.At(Now, TagVersion.NewSpread()), stored + 1),
            _ => stored,
        }), cancellationToken);

    public ValueTask<Answer<long>> PutBackAsync(string key, long version, TimeSpan life) =>
        Locked(() => Change_NeedsLock(key, life, isKept: true, stored => Math.Max(stored, version)));

    private long Change_NeedsLock(string key, TimeSpan life, bool isKept, Func<long, long> change)
    {
        var copy = SideKey.Of(KeyPrefix, key, SideKey.Copy);
        TryGetNumber(key, out var one, out var left);
        TryGetNumber(copy, out var other, out var leftOfCopy);
        var changed = change(TagVersion.Either(one, other));
        if (changed == 0 || !isKept)
        {
            return changed;
        }

        life = new[] { life, left, leftOfCopy }.Max();
        _entries.Set(key, BitConverter.GetBytes(changed), life);
        if (TagVersion.WasRemoved(changed))
        {
            _entries.Set(copy, BitConverter.GetBytes(changed), life);
        }

        return changed;
    }

    /// <summary>A key is lost, as by eviction.</summary>
    public void Lose(string key)
    {
        lock (_lock)
        {
            _entries.Remove(key);
        }
    }

    private static string LeaseOf(string key) => SideKey.Of("", key, SideKey.Lease);

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private bool HasLease(string key, long token) => TryGetNumber(LeaseOf(key), out var holder, out _) && holder == token;

    private bool TryGetNumber(string key, out long number, out TimeSpan left)
    {
        var exists = _entries.TryGet(key, out var bytes, out left);
        number = exists ? BitConverter.ToInt64(bytes.Span) : 0;
        return exists;
    }

    private ValueTask<Answer<T>> Locked<T>(Func<T> step, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<T>>(cancellationToken);
        }

        lock (_lock)
        {
            return new ValueTask<Answer<T>>(new Answer<T>(step()));
        }
    }
}
