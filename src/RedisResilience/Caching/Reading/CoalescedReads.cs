using RedisResilience.Caching.LocalTier;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>
/// Lets concurrent reads of a key share one read of Redis and one buffer. It does not read a key that the local tier has.
/// </summary>
/// <remarks>
/// A key has at most one read under way. Callers who come meanwhile share the next read, which is sent soon after the first has ended. So a
/// call never gets an answer from before it began, and any number of callers costs at most one command per round trip.
/// </remarks>
internal sealed class CoalescedReads : IEntryReads
{
    private const int StripeCount = 64;

    private readonly IRedisGateway _gateway;
    private readonly ReadStripe[] _stripes;
    private readonly LocalEntries? _local;
    private readonly EntryFetch _fetch;

    public CoalescedReads(IRedisGateway gateway, int maximumEntrySize, TimeProvider timeProvider, LocalEntries? local = null)
    {
        _gateway = gateway;
        _local = local;
        _fetch = new EntryFetch(gateway, local, maximumEntrySize, timeProvider);
        var crowds = new CrowdTimer(timeProvider);
        _stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new ReadStripe(_fetch, crowds, timeProvider))];
    }

    public bool IsAway => _gateway.IsAway;

    /// <summary>A key's life was changed.</summary>
    public void Forget(string key) => _fetch.Forget(key);

    public ValueTask<Answer<StoredEntry>> ReadAsync(in EntryRead read)
    {
        if (read.CancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Answer<StoredEntry>>(read.CancellationToken);
        }

        if (_local is not null && _local.TryGet(read.Key, out var kept))
        {
            return new ValueTask<Answer<StoredEntry>>(new Answer<StoredEntry>(kept));
        }

        if (IsAway)
        {
            return new ValueTask<Answer<StoredEntry>>(new Answer<StoredEntry>(Fault.CircuitOpen));
        }

        var isHeld = read.HeldTags is { } tags && _fetch.IsHeld(read.Key, tags);
        var pending = PendingRead.Rent(isHeld ? read with { Parts = EntryParts.TimeToLive } : read);
        var answer = pending.Task;
        var stripe = _stripes[string.GetHashCode(read.Key, StringComparison.Ordinal) & (StripeCount - 1)];
        stripe.Join(pending, out var group)?.Send(group);
        return answer;
    }
}
