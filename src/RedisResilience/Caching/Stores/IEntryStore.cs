using RedisResilience.Caching.Entries;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Stores;

/// <summary>Stores entries, their leases, and the versions of tags and namespaces. Each call is atomic.</summary>
internal interface IEntryStore
{
    /// <summary>Where this application's keys begin.</summary>
    string KeyPrefix { get; }

    /// <summary>Whether the store is known not to answer at present.</summary>
    bool IsAway { get; }

    /// <summary>The same store for the rest of one request. All its calls end within one deadline of the request's start.</summary>
    /// <param name="startedAt">When the request began: a timestamp of the <see cref="TimeProvider"/>.</param>
    IEntryStore Since(long startedAt);

    /// <summary>Takes the right to fill an entry, unless another caller has it, or the entry is not the one that was seen.</summary>
    ValueTask<Answer<LeaseReply>> AcquireAsync(string key, LeaseRequest request);

    /// <summary>Prolongs a lease. False when it does not exist any more.</summary>
    ValueTask<Answer<bool>> RenewAsync(string key, long token, TimeSpan leaseTime);

    /// <summary>
    /// Stores the result of a load and releases its lease. If the lease does not exist any more, it stores nothing and returns false.
    /// </summary>
    ValueTask<Answer<bool>> FillAsync(string key, long token, ReadOnlyMemory<byte> entry, TimeSpan life);

    /// <summary>Releases a lease without storing an entry. During the cool-down, no caller who has a stale entry gets the lease.</summary>
    ValueTask<Answer<bool>> ReleaseAsync(string key, long token, TimeSpan coolDown);

    /// <summary>Stores an entry in place of any other, and deletes the lease.</summary>
    ValueTask<Answer<bool>> SetAsync(string key, ReadOnlyMemory<byte> entry, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Removes an entry, and deletes its lease.</summary>
    ValueTask<Answer<bool>> RemoveAsync(string key, CancellationToken cancellationToken);

    ValueTask<Answer<bool>> ExtendAsync(string key, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Prolongs an entry that is still the one that was read. False when it is not.</summary>
    ValueTask<Answer<bool>> ExtendAsync(string key, SeenPart seen, TimeSpan life);

    /// <summary>Reads or changes a version, and returns the version afterwards. Zero when there is none.</summary>
    /// <param name="key">The version's key.</param>
    /// <param name="change">The change to make.</param>
    /// <param name="life">Its shortest life.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<Answer<long>> VersionAsync(string key, VersionChange change, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Writes a version again that was lost, unless there is a later one, and says what it is afterwards.</summary>
    /// <param name="key">The version's key.</param>
    /// <param name="version">The version that this process knows.</param>
    /// <param name="life">How long it stands at least.</param>
    ValueTask<Answer<long>> PutBackAsync(string key, long version, TimeSpan life);
}
