using RedisResilience.Caching.Stores;

namespace RedisResilience.Caching.Invalidation;

/// <summary>The copy of one version. Callers who refresh it at the same time share one question.</summary>
internal sealed class VersionCopy(string key, IEntryStore store, TimeProvider timeProvider)
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
        lock (_lock)
        {
            // Answers may come out of their order.
            if (_known is null || _known.AskedAt <= askedAt)
            {
                Volatile.Write(ref _known, new Known(version, askedAt));
            }
        }
    }

    private async Task<bool> AskAsync(IEntryStore from)
    {
        var askedAt = timeProvider.GetTimestamp();
        var answer = await from.VersionAsync(key, VersionChange.Look, TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        if (answer.IsAnswered)
        {
            Learn(answer.Value, askedAt);
        }

        return answer.IsAnswered;
    }

    private sealed record Known(long Version, long AskedAt);
}
