using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>The copy of one version. Callers who refresh it at the same time share one question.</summary>
/// <param name="key">The version's key.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="standsFor">How long a removal's version stands; null for one that its entries can do without.</param>
/// <param name="changed">Called when the store has said something else than before.</param>
internal sealed class VersionCopy(
    string key, IEntryStore store, TimeProvider timeProvider, TimeSpan? standsFor = null, Action? changed = null)
{
    private readonly Lock _lock = new();
    private Known? _known;
    private Task<bool>? _refresh;
    private long _refreshSince;

    /// <summary>False when the copy is older than the allowed age.</summary>
    public bool TryGet(long now, TimeSpan maximumAge, out long version, out bool isOld)
    {
        var known = Volatile.Read(ref _known);
        var age = known is null ? TimeSpan.MaxValue : timeProvider.GetElapsedTime(known.AskedAt, now);
        version = known?.Version ?? 0;
        isOld = age > maximumAge / 2;
        return age <= maximumAge;
    }

    /// <summary>Asks the store, or joins a question under way that ends in time. False when there was no answer.</summary>
    /// <param name="since">When the request began that asks. Null: it begins with this.</param>
    public Task<bool> RefreshAsync(long? since = null)
    {
        lock (_lock)
        {
            // Of a store that is known to be away no answer is waited for, whoever has asked before that was known.
            if (_refresh is { IsCompleted: false } && (since is null || _refreshSince <= since) && !store.IsAway)
            {
                return _refresh;
            }

            _refreshSince = since ?? timeProvider.GetTimestamp();
            return _refresh = AskAsync(since is { } startedAt ? store.Since(startedAt) : store);
        }
    }

    /// <summary>The store has said what it is.</summary>
    public void Learn(long version, long askedAt)
    {
        bool isOther;
        lock (_lock)
        {
            // Answers may come out of their order.
            if (_known?.AskedAt > askedAt)
            {
                return;
            }

            isOther = _known is not null && _known.Version != version;
            Volatile.Write(ref _known, new Known(version, askedAt));
        }

        if (isOther)
        {
            changed?.Invoke();
        }
    }

    /// <summary>The copy after a removal, which has made this version. Of two removals at a time the store's later one counts, whichever is
    /// answered first.</summary>
    public VersionCopy After(long version, long askedAt) => new(key, store, timeProvider, standsFor, changed)
    {
        _known = Volatile.Read(ref _known) is { } known && known.Version > version ? known : new Known(version, askedAt),
    };

    private async Task<bool> AskAsync(IEntryStore from)
    {
        var askedAt = timeProvider.GetTimestamp();
        var answer = await from.VersionAsync(key, VersionChange.Look, TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsAnswered && LifeOfWhatWasLost(answer.Value, out var known) is { } life)
        {
            answer = await from.PutBackAsync(key, known, life).ConfigureAwait(false);
        }

        if (answer.IsAnswered)
        {
            Learn(answer.Value, askedAt);
        }

        return answer.IsAnswered;
    }

    // A version never goes back while it stands. A store that says an older one has lost both keys of it, or was replaced by one that had
    // not heard of it, and entries from before would be valid again.
    private TimeSpan? LifeOfWhatWasLost(long said, out long known)
    {
        known = Volatile.Read(ref _known)?.Version ?? 0;
        if (standsFor is not { } whole || !TagVersion.WasRemoved(known) || said >= known)
        {
            return null;
        }

        var life = TagVersion.MadeAt(known) + whole - timeProvider.GetUtcNow();
        return life > TimeSpan.Zero ? life : null;
    }

    private sealed record Known(long Version, long AskedAt);
}
