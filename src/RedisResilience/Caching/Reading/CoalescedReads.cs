using RedisResilience.Caching.LocalTier;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>Concurrent reads of a key share one read of Redis and one buffer; a key that the local tier keeps is not read at all.</summary>
/// <remarks>
/// A key has at most one read under way; those who come meanwhile share the next, which is sent soon after that one has ended. So a read is
/// never answered with what Redis said before it began, and any number of callers costs at most one command per round trip.
/// </remarks>
internal sealed class CoalescedReads
{
    private const int StripeCount = 64;

    private readonly IRedisGateway _gateway;
    private readonly ReadStripe[] _stripes;
    private readonly LocalEntries? _local;
    private readonly EntryFetch _fetch;

    public CoalescedReads(IRedisGateway gateway, TimeProvider timeProvider, LocalEntries? local = null)
    {
        _gateway = gateway;
        _local = local;
        _fetch = new EntryFetch(gateway, local, timeProvider);
        var limit = new GatheringLimit(timeProvider);
        _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new ReadStripe(_fetch, limit, timeProvider))];
    }

    /// <summary>A key's life was changed.</summary>
    public void Forget(string key) => _fetch.Forget(key);

    public ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool withTimeToLive, CancellationToken cancellationToken) =>
        ReadAsync(key, withTimeToLive, since: null, cancellationToken);

    /// <param name="key">The entry's key.</param>
    /// <param name="withTimeToLive">Whether to ask how long it has left to live, too.</param>
    /// <param name="since">When the request began that reads, if it has waited for something else before; the read ends within one deadline
    /// of it. Null: it begins with this.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nobody else's.</param>
    public ValueTask<Answer<StoredEntry>> ReadAsync(string key, bool withTimeToLive, long? since, CancellationToken cancellationToken) =>
        ReadAsync(key, EntryParts.Body | (withTimeToLive ? EntryParts.TimeToLive : EntryParts.None), since, cancellationToken);

    /// <summary>Reads an entry and how long it has left to live, and may leave its body where it is when the caller holds that
    /// already.</summary>
    /// <param name="key">The entry's key.</param>
    /// <param name="tags">The <see cref="HeldTags"/> of what the caller holds.</param>
    /// <param name="since">As above.</param>
    /// <param name="cancellationToken">Ends this caller's wait, and nobody else's.</param>
    public ValueTask<Answer<StoredEntry>> ReadUnlessHeldAsync(string key, string tags, long? since, CancellationToken cancellationToken) =>
        ReadAsync(
            key, _fetch.IsHeld(key, tags) ? EntryParts.TimeToLive : EntryParts.TimeToLive | EntryParts.Body, since, cancellationToken);

    private ValueTask<Answer<StoredEntry>> ReadAsync(string key, EntryParts parts, long? since, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<StoredEntry>>(cancellationToken);
        }

        if (_local is not null && _local.TryGet(key, out var kept))
        {
            return new ValueTask<Answer<StoredEntry>>(new Answer<StoredEntry>(kept));
        }

        if (_gateway.IsAway)
        {
            return new ValueTask<Answer<StoredEntry>>(new Answer<StoredEntry>(Fault.CircuitOpen));
        }

        var read = PendingRead.Rent(since, cancellationToken);
        var answer = read.Task;
        var stripe = _stripes[string.GetHashCode(key, StringComparison.Ordinal) & (StripeCount - 1)];
        stripe.Join(key, read, parts, out var group)?.Send(group);
        return answer;
    }
}
