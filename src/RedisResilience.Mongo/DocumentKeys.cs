namespace RedisResilience.Mongo;

/// <summary>Makes cache keys of ids, and refuses the ids that cannot be part of one before MongoDB sees them.</summary>
internal sealed class DocumentKeys(string prefix)
{
    private readonly int _longestId = RedisKeyLimits.MaximumLength - prefix.Length - 1;

    public string KeyOf(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (id.Length > _longestId)
        {
            throw new ArgumentException($"An id has at most {_longestId} characters here; this one has {id.Length}.", nameof(id));
        }

        return RedisKeyLimits.IsCleanText(id)
            ? $"{prefix}:{id}"
            : throw new ArgumentException("An id is well-formed UTF-16 without control characters.", nameof(id));
    }
}
