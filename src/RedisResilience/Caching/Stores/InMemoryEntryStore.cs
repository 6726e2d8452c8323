using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Reading;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Stores;

/// <summary>Entries in this process: what <see cref="RedisEntryStore"/> does in Redis, under one lock.</summary>
internal sealed class InMemoryEntryStore(TimeProvider timeProvider, long maximumSize) : IEntryStore
{
    private const long CoolingDown = -1;
    private static readonly TimeSpan VersionLife = TimeToLiveRules.Longest * 2;

    private readonly Lock _lock = new();
    private readonly ExpiringEntries _entries = new(timeProvider, maximumSize);

    public string KeyPrefix => "";

    public IEntryStore Since(long startedAt) => this;

    public ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool withTimeToLive, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!_entries.TryGet(key, out var entry, out var left))
        {
            return default;
        }

        var kind = EntryWriter.CanBePlain(entry.Span) ? EntryKind.Plain : EntryReader.Read(entry.Span, EntryKey.Hash(KeyPrefix, key), out _);
        kind.Record();
        return new StoredEntry(new Payload(Exists: true, entry, null), left, kind);
    }, cancellationToken);

    public ValueTask<Answer<LeaseReply>> AcquireAsync(string key, LeaseRequest request) => Locked(() =>
    {
        if (_entries.TryGet(key, out var entry, out _) && (request.ExpectedHeader.IsEmpty || !entry.Span.StartsWith(request.ExpectedHeader.Span)))
        {
            return new LeaseReply(LeaseStatus.Changed);
        }

        var lease = RedisEntryStore.LeaseOf(key);
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
            _entries.Set(RedisEntryStore.LeaseOf(key), BitConverter.GetBytes(token), leaseTime);
        }

        return stands;
    });

    public ValueTask<Answer<bool>> FillAsync(string key, long token, ReadOnlyMemory<byte> entry, TimeSpan life) => Locked(() =>
    {
        var stands = HasLease(key, token);
        if (stands)
        {
            _entries.Set(key, entry.ToArray(), life);
            _entries.Remove(RedisEntryStore.LeaseOf(key));
        }

        return stands;
    });

    public ValueTask<Answer<bool>> ReleaseAsync(string key, long token, TimeSpan coolDown) => Locked(() =>
    {
        var stands = HasLease(key, token);
        if (stands && coolDown > TimeSpan.Zero)
        {
            _entries.Set(RedisEntryStore.LeaseOf(key), BitConverter.GetBytes(CoolingDown), coolDown);
        }
        else if (stands)
        {
            _entries.Remove(RedisEntryStore.LeaseOf(key));
        }

        return stands;
    });

    public ValueTask<Answer<bool>> SetAsync(string key, ReadOnlyMemory<byte> entry, TimeSpan life, CancellationToken cancellationToken) => Locked(() =>
    {
        _entries.Remove(RedisEntryStore.LeaseOf(key));
        _entries.Set(key, entry.ToArray(), life);
        return true;
    }, cancellationToken);

    public ValueTask<Answer<bool>> RemoveAsync(string key, CancellationToken cancellationToken) => Locked(() =>
    {
        _entries.Remove(RedisEntryStore.LeaseOf(key));
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

    public ValueTask<Answer<long>> VersionAsync(string key, VersionChange change, long version, CancellationToken cancellationToken) => Locked(() =>
    {
        TryGetNumber(key, out var stored, out _);
        var changed = change switch
        {
            VersionChange.Ensure => stored == 0 ? -TagVersion.At(Now, version) : stored,
            VersionChange.Replace => TagVersion.At(Now, version),
            VersionChange.Raise => Math.Max(stored, version) + 1,
            _ => stored,
        };
        if (changed != 0)
        {
            _entries.Set(key, BitConverter.GetBytes(changed), VersionLife);
        }

        return changed;
    }, cancellationToken);

    private long Now => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private bool HasLease(string key, long token) => TryGetNumber(RedisEntryStore.LeaseOf(key), out var holder, out _) && holder == token;

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
