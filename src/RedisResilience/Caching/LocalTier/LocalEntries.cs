using System.Diagnostics.CodeAnalysis;
using BitFaster.Caching.Scheduler;
using RedisResilience.Caching.Entries;
using RedisResilience.Caching.Invalidation;
using RedisResilience.Caching.Reading;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Invalidations;

namespace RedisResilience.Caching.LocalTier;

/// <summary>Copies of entries in this process.</summary>
/// <remarks>
/// A copy is used for at most <see cref="LocalTierOptions.MaximumStaleness"/> and never longer than the entry has left to live. It is
/// dropped when this process changes the entry, before that call returns, and when a change by another process or program is reported. When
/// a report may have been missed, all copies are dropped. A read that was under way when a change became known stores no copy, because its
/// reply may be older than the change.
/// </remarks>
internal sealed class LocalEntries : IInvalidationListener
{
    private const int StripeCount = 256;

    private readonly KeptEntries _entries;
    private readonly CoarseClock _clock;
    private readonly KeyStripe[] _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new KeyStripe())];
    private readonly IInvalidationPublisher _publisher;
    private readonly string[] _prefixes;
    private readonly long _staleness;
    private readonly long _largest;
    private long _epoch;
    private volatile bool _isTrusted;

    public LocalEntries(LocalTierOptions options, IInvalidationPublisher publisher, TimeProvider timeProvider, IScheduler? scheduler = null)
    {
        _publisher = publisher;
        _prefixes = [.. options.KeyPrefixes];
        _staleness = (long)options.MaximumStaleness.TotalMilliseconds;
        _largest = options.MaximumBytes / 8;
        _clock = new CoarseClock(timeProvider);
        _entries = new KeptEntries(options.MaximumBytes, scheduler ?? new ThreadPoolScheduler());
    }

    /// <summary>How much memory the copies take.</summary>
    public long Bytes => _entries.Bytes;

    /// <summary>The prefixes whose changes must be reported: those of kept entries, and of the versions of namespaces.</summary>
    public IReadOnlyList<string> NewsPrefixes =>
        _prefixes.Any(prefix => Namespaces.KeyPart.StartsWith(prefix, StringComparison.Ordinal))
            ? _prefixes
            : [.. _prefixes, Namespaces.KeyPart];

    /// <summary>Whether entries under this key are kept at all.</summary>
    public bool Keeps(string key)
    {
        foreach (var prefix in _prefixes)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public bool TryGet(string key, out StoredEntry entry)
    {
        var isKept = TryFind(key, out var kept, out var now);
        entry = isKept
            ? new StoredEntry(new Payload(Exists: true, kept!.Bytes, Owner: null), kept.LeftAt(now), kept.Kind, kept.Description)
            : default;
        return isKept;
    }

    /// <summary>A raw body that can be served without another look: it has no tags and no end but its own.</summary>
    public bool TryServe(string key, out CachedResponse response)
    {
        var isServed = TryFind(key, out var kept, out var now) && kept.Kind == EntryKind.Plain;
        response = isServed
            ? CachedResponse.Hit(kept!.Bytes, owner: null, kept.LeftAt(now)) with { Description = kept.Description }
            : default;
        return isServed;
    }

    /// <summary>Call it before anything is asked of where an entry stands.</summary>
    public ReadStart Start() => new(Volatile.Read(ref _epoch), _clock.Now);

    /// <summary>Call it before a read is sent whose reply is passed to <see cref="Keep"/>.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="start">From before it was known where the entry stands. Null: nobody had to ask.</param>
    public ReadTicket BeginRead(string key, ReadStart? start = null)
    {
        var (epoch, at) = start ?? Start();
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            return new ReadTicket(epoch, stripe.Changes, at);
        }
    }

    /// <summary>Keeps a copy of what a read has brought, unless a change has become known since it began.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="ticket">The ticket from before the read was sent.</param>
    /// <param name="entry">The entry in Redis. Its time to live is known, or it has none.</param>
    public void Keep(string key, ReadTicket ticket, in StoredEntry entry)
    {
        // From before the read was sent: the reply may have been on its way for long.
        var now = ticket.BeganAt;
        var left = entry.TimeToLive is { } timeToLive ? (long)timeToLive.TotalMilliseconds - CoarseClock.Resolution : long.MaxValue;
        var usableFor = Math.Min(left, _staleness - CoarseClock.Resolution);
        if (!_isTrusted || usableFor <= 0 || LocalEntry.Weigh(key, entry.Payload.Bytes.Length) > _largest)
        {
            return;
        }

        var endsAt = left == long.MaxValue ? long.MaxValue : now + left;
        var bytes = entry.Payload.Bytes.ToArray();
        var copy = new LocalEntry(bytes, entry.Kind, entry.Description, ticket.Epoch, now + usableFor, endsAt);
        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            if (stripe.Changes == ticket.Changes && Volatile.Read(ref _epoch) == ticket.Epoch)
            {
                _entries.Put(key, copy);
            }
        }
    }

    /// <summary>
    /// This process has changed an entry, or may have. Call it when Redis has answered or will not answer, and before the caller continues.
    /// </summary>
    public void Change(string key)
    {
        if (Keeps(key) || IsNamespace(key))
        {
            Invalidate(key);
            _publisher.Publish(key);
        }
    }

    public void Invalidate(string key)
    {
        if (IsNamespace(key))
        {
            // Every key of the namespace means another entry now.
            InvalidateAll();
            return;
        }

        var stripe = StripeOf(key);
        lock (stripe.Lock)
        {
            stripe.Changes++;
            _entries.Remove(key);
        }
    }

    public void InvalidateAll()
    {
        // The epoch first: a copy that slips in while the map is being cleared is of an epoch that has passed.
        Interlocked.Increment(ref _epoch);
        _entries.Clear();
    }

    public void Distrust()
    {
        _isTrusted = false;
        InvalidateAll();
    }

    public void Trust(LocalTierMode mode)
    {
        InvalidateAll();
        _isTrusted = true;
    }

    private bool TryFind(string key, [MaybeNullWhen(false)] out LocalEntry kept, out long now)
    {
        now = _clock.Now;
        return _entries.TryGet(key, now, out kept) && now < kept.UsableUntil && kept.Epoch == Volatile.Read(ref _epoch);
    }

    private static bool IsNamespace(string key) => key.StartsWith(Namespaces.KeyPart, StringComparison.Ordinal);

    private KeyStripe StripeOf(string key) => _stripes[string.GetHashCode(key, StringComparison.Ordinal) & (StripeCount - 1)];
}
