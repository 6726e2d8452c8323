using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RedisResilience.Mongo;

/// <summary>Reads documents as objects, from the cached JSON.</summary>
public static class MongoDocumentStoreExtensions
{
    /// <summary>
    /// Reads a document as an object. An entry that cannot be read, for example one of an older program, is removed and filled again.
    /// </summary>
    /// <typeparam name="T">The class. Its JSON is that of the documents: see <see cref="RedisResilienceMongoOptions.Json"/>.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="id">The value of the key field.</param>
    /// <param name="type">How to read it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The object; null when there is no such document.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="store"/>, <paramref name="id"/> or <paramref name="type"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is empty, too long, or not clean text.</exception>
    /// <exception cref="JsonException">MongoDB's own document is not of that class.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async ValueTask<T?> GetAsync<T>(
        this IMongoDocumentStore store, string id, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        using (var response = await store.GetAsync(id, cancellationToken).ConfigureAwait(false))
        {
            if (TryRead(response, type, out var read))
            {
                return read;
            }
        }

        return await RepairAsync(store, id, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads many documents as objects: one round trip to Redis, and one query of MongoDB for those that are not cached.</summary>
    /// <typeparam name="T">As for <see cref="GetAsync"/>.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="ids">The values of the key field.</param>
    /// <param name="type">How to read them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An object for each id, in the order of the ids. Null when there is no such document.</returns>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="store"/>, <paramref name="ids"/>, one of them, or <paramref name="type"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">An id is empty, too long, or not clean text.</exception>
    /// <exception cref="JsonException">A document of MongoDB is not of that class.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async ValueTask<IReadOnlyList<T?>> GetManyAsync<T>(
        this IMongoDocumentStore store, IReadOnlyList<string> ids, JsonTypeInfo<T> type, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(type);
        var responses = await store.GetManyAsync(ids, cancellationToken).ConfigureAwait(false);
        var objects = new T?[responses.Count];
        try
        {
            for (var index = 0; index < objects.Length; index++)
            {
                objects[index] = TryRead(responses[index], type, out var read)
                    ? read
                    : await RepairAsync(store, ids[index], type, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var response in responses)
            {
                response.Dispose();
            }
        }

        return objects;
    }

    /// <returns>False when the cached JSON cannot be read; that of MongoDB may be readable.</returns>
    private static bool TryRead<T>(CachedResponse response, JsonTypeInfo<T> type, out T? read)
        where T : class
    {
        try
        {
            read = response.HasBody ? JsonSerializer.Deserialize(response.Body.Span, type) : null;
            return true;
        }
        catch (JsonException) when (response.IsHit)
        {
            read = null;
            return false;
        }
    }

    private static async ValueTask<T?> RepairAsync<T>(
        IMongoDocumentStore store, string id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await store.InvalidateAsync(id).ConfigureAwait(false);
        using var response = await store.GetAsync(id, cancellationToken).ConfigureAwait(false);
        return response.HasBody ? JsonSerializer.Deserialize(response.Body.Span, type) : null;
    }
}
