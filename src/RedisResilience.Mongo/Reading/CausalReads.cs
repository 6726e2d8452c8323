namespace RedisResilience.Mongo.Reading;

/// <summary>
/// Reads documents that are not older than the newest change for which entries were removed. The members of a replica set learn at
/// different times what the majority has acknowledged. So in an election, or while changes are followed on another member, a primary may
/// answer with a document that the cache already knows to be old.
/// </summary>
internal sealed class CausalReads(IMongoClient client, MongoCalls calls, AppliedTime applied, TimeProvider time)
{
    // As the server calls a time that it has not heard of, no replica set, no such signing key, and no majority yet.
    private static readonly HashSet<int> Unsatisfiable = [72, 123, 211, 134];
    private static readonly ClientSessionOptions Causal = new() { CausalConsistency = true };
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private long? _gaveUpAt;

    /// <param name="query">Reads, in a session if there is one.</param>
    /// <param name="mayBeOld">
    /// Whether an older document is acceptable when MongoDB does not show the newest change. If not, an exception is thrown.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The documents, and whether they are certainly not older than the newest change.</returns>
    public async ValueTask<(List<LoadedDocument> Documents, bool IsCurrent)> RunAsync(
        Func<IClientSessionHandle?, CancellationToken, Task<List<LoadedDocument>>> query,
        bool mayBeOld,
        CancellationToken cancellationToken)
    {
        // Whoever fills has the right to by now, so that a change of which this does not tell yet will take it away. It is on its way
        // together with the query.
        var asking = applied.ReadAsync(cancellationToken).AsTask();
        if (applied.IsRising)
        {
            await asking.ConfigureAwait(false);
        }

        var since = applied.Known;
        var (documents, isCurrent) = await QueryAsync(query, since, mayBeOld, cancellationToken).ConfigureAwait(false);
        var isTold = await asking.ConfigureAwait(false);
        if (applied.Known > since)
        {
            documents.ForEach(document => document.Body.Dispose());
            (documents, isCurrent) = await QueryAsync(query, applied.Known, mayBeOld, cancellationToken).ConfigureAwait(false);
        }

        return (documents, isCurrent && isTold);
    }

    private async ValueTask<(List<LoadedDocument> Documents, bool IsCurrent)> QueryAsync(
        Func<IClientSessionHandle?, CancellationToken, Task<List<LoadedDocument>>> query,
        long since,
        bool mayBeOld,
        CancellationToken cancellationToken)
    {
        if (since == 0)
        {
            return (
                await calls.RunAsync(query, static (query, token) => query(null, token), cancellationToken).ConfigureAwait(false), true);
        }

        if (_gaveUpAt is not { } before || time.GetElapsedTime(before) >= Rest)
        {
            try
            {
                return (await calls.RunAsync((this, query, since), static (read, token) => read.Item1.QueryAfterAsync(
                    read.query, read.since, token), cancellationToken)
                    .ConfigureAwait(false), true);
            }
            catch (Exception failure) when (failure is MongoExecutionTimeoutException || IsUnsatisfiable(failure))
            {
                // Others need not wait for it too, for a while.
                _gaveUpAt = time.GetTimestamp();
                if (!IsUnsatisfiable(failure))
                {
                    throw;
                }
            }
        }

        return mayBeOld
            ? (await calls.RunAsync(query, static (query, token) => query(null, token), cancellationToken).ConfigureAwait(false), false)
            : throw new MongoUnavailableException("MongoDB does not show the newest change yet.") { RetryAfter = Rest };
    }

    private async Task<List<LoadedDocument>> QueryAfterAsync(
        Func<IClientSessionHandle?, CancellationToken, Task<List<LoadedDocument>>> query, long since, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        using var session = await client.StartSessionAsync(Causal, cancellationToken).ConfigureAwait(false);
        session.AdvanceOperationTime(new BsonTimestamp(since));
        while (true)
        {
            try
            {
                return await query(session, cancellationToken).ConfigureAwait(false);
            }
            catch (MongoCommandException behind) when (IsUnsatisfiable(behind) && time.GetElapsedTime(startedAt) < calls.Deadline / 2)
            {
                // A primary that has been replaced and does not know it. The driver will hear of the new one.
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool IsUnsatisfiable(Exception failure) =>
        failure is NotSupportedException || (failure is MongoCommandException refused && Unsatisfiable.Contains(refused.Code));
}
