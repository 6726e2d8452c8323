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

    /// <summary>The same store for the rest of one request: whatever it is asked for from now on ends within one deadline of the request's
    /// start.</summary>
    /// <param name="startedAt">When the request began: a timestamp of the <see cref="TimeProvider"/>.</param>
    IEntryStore Since(long startedAt);

    /// <summary>Takes the right to fill an entry, unless somebody has it or the entry is another than the one that was seen.</summary>
    ValueTask<Answer<LeaseReply>> AcquireAsync(string key, LeaseRequest request);

    /// <summary>Prolongs a lease. False when it stands no more.</summary>
    ValueTask<Answer<bool>> RenewAsync(string key, long token, TimeSpan leaseTime);

    /// <summary>Stores what was loaded under a lease and gives the lease back. False when the lease stands no more: nothing is stored
    /// then.</summary>
    ValueTask<Answer<bool>> FillAsync(string key, long token, ReadOnlyMemory<byte> entry, TimeSpan life);

    /// <summary>Gives a lease back without an entry; with a cool-down, nobody who has a stale entry is given it for so long.</summary>
    ValueTask<Answer<bool>> ReleaseAsync(string key, long token, TimeSpan coolDown);

    /// <summary>Stores an entry whatever was there, and takes the lease away from whoever has it.</summary>
    ValueTask<Answer<bool>> SetAsync(string key, ReadOnlyMemory<byte> entry, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Removes an entry, and takes the lease away from whoever has it.</summary>
    ValueTask<Answer<bool>> RemoveAsync(string key, CancellationToken cancellationToken);

    ValueTask<Answer<bool>> ExtendAsync(string key, TimeSpan life, CancellationToken cancellationToken);

    /// <summary>Prolongs an entry that is still the one that was read. False when it is not.</summary>
    ValueTask<Answer<bool>> ExtendAsync(string key, SeenPart seen, TimeSpan life);

    /// <summary>Looks at a version or changes it, and says what it is afterwards; zero when there is none.</summary>
    /// <param name="key">The version's key.</param>
    /// <param name="change">What is to be done.</param>
    /// <param name="life">How long it stands at least.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<Answer<long>> VersionAsync(string key, VersionChange change, TimeSpan life, CancellationToken cancellationToken);
}
