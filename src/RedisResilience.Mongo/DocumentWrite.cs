namespace RedisResilience.Mongo;

/// <summary>The result of a write.</summary>
/// <param name="Existed">Whether there was such a document before.</param>
/// <param name="IsInvalidated">
/// Whether it is certain that the document's cache entry is gone. If not, Redis could not be asked: this process remembers it and does it
/// as soon as it
/// can (<see cref="Caching.IResponseCache.RemoveAsync"/>), and other processes may serve the entry until then.
/// </param>
public readonly record struct DocumentWrite(bool Existed, bool IsInvalidated);
