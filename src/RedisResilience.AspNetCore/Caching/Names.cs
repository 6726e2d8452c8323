using RedisResilience.HttpSemantics;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>Takes names that an application gives, and refuses those that could not mean anything.</summary>
internal static class Names
{
    public static readonly IReadOnlySet<string> NoneForbidden = new HashSet<string>();

    public static void AddTo(ISet<string> set, string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(names));
            if (!RedisKeyLimits.IsCleanText(name))
            {
                throw new ArgumentException("A name has control characters, or is not well-formed.", nameof(names));
            }

            set.Add(name.ToLowerInvariant());
        }
    }

    public static void AddFieldsTo(ISet<string> set, string[] names, IReadOnlySet<string> forbidden)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(names));
            if (!FieldText.IsToken(name))
            {
                throw new ArgumentException("A name is not the name of a header field.", nameof(names));
            }

            if (forbidden.Contains(name))
            {
                throw new ArgumentException(
                    $"The field '{name}' belongs to one request or one connection, and has no place in a cache.", nameof(names));
            }

            set.Add(name.ToLowerInvariant());
        }
    }
}
