using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Mongo;

/// <summary>Makes cache keys from ids. It refuses an id that cannot be part of a key, so MongoDB never sees it.</summary>
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

        return TryKeyOf(id, out var key)
            ? key
            : throw new ArgumentException("An id is well-formed UTF-16 without control characters.", nameof(id));
    }

    public string IdOf(string key) => key[(prefix.Length + 1)..];

    /// <returns>False: there can be no entry for such an id.</returns>
    public bool TryKeyOf(string id, [NotNullWhen(true)] out string? key)
    {
        key = id.Length > 0 && id.Length <= _longestId && RedisKeyLimits.IsCleanText(id) ? $"{prefix}:{id}" : null;
        return key is not null;
    }
}
