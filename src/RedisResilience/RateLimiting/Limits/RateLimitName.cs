using System.Buffers;

namespace RedisResilience.RateLimiting.Limits;

/// <summary>
/// The characters of limit names. A name is used between the colons of a key and in HTTP header fields, so it has neither colons nor
/// quotes.
/// </summary>
internal static class RateLimitName
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    public static string Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > RateLimit.MaximumNameLength)
        {
            throw new ArgumentException(
                $"A limit's name has at most {RateLimit.MaximumNameLength} characters; this one has {name.Length}.", nameof(name));
        }

        return name.AsSpan().ContainsAnyExcept(Allowed)
            ? throw new ArgumentException("A limit's name has only letters, digits, '-', '_' and '.'.", nameof(name))
            : name;
    }
}
