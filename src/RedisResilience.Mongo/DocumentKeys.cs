using System.Buffers;
using System.Text;

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

        return IsCleanText(id)
            ? $"{prefix}:{id}"
            : throw new ArgumentException("An id is well-formed UTF-16 without control characters.", nameof(id));
    }

    public static bool IsCleanText(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || Rune.IsControl(rune))
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }
}
