namespace RedisResilience.Mongo;

/// <summary>The result of a write.</summary>
/// <param name="Existed">Whether there was such a document before.</param>
/// <param name="IsInvalidated">
/// Whether it is certain that the document's cache entry is gone. False when Redis could not be asked. This process then remembers the
/// removal and repeats it as soon as it can (<see cref="Caching.IResponseCache.RemoveAsync"/>). Other processes may serve the entry until
/// then.
/// </param>
public readonly record struct DocumentWrite(bool Existed, bool IsInvalidated);
