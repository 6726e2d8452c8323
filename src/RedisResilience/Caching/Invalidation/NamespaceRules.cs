using RedisResilience.Gateway;

namespace RedisResilience.Caching.Invalidation;

/// <summary>Finds the namespace of a key: everything up to and including its first segment that is <c>v</c> and a number.</summary>
internal static class NamespaceRules
{
    private const int MaximumDigits = 9;

    public static void Validate(string name)
    {
        KeyRules.Validate(name);
        if (!TryFind(name, out var length, out _) || length != name.Length)
        {
            throw new ArgumentException("A namespace ends with its version, and has no other: predictions:v1.", nameof(name));
        }
    }

    /// <param name="key">A key or a name.</param>
    /// <param name="length">How much of it is the namespace: <c>predictions:v1</c>.</param>
    /// <param name="version">The number at its end.</param>
    public static bool TryFind(ReadOnlySpan<char> key, out int length, out int version)
    {
        for (var at = key.IndexOf(":v", StringComparison.Ordinal); at > 0; at = Next(key, at))
        {
            length = at + 2;
            version = 0;
            while (length < key.Length && char.IsAsciiDigit(key[length]) && length - at - 2 < MaximumDigits)
            {
                version = (version * 10) + key[length++] - '0';
            }

            if (length > at + 2 && (length == key.Length || key[length] == ':'))
            {
                return true;
            }
        }

        length = version = 0;
        return false;
    }

    private static int Next(ReadOnlySpan<char> key, int at)
    {
        var next = key[(at + 1)..].IndexOf(":v", StringComparison.Ordinal);
        return next < 0 ? -1 : at + 1 + next;
    }
}
