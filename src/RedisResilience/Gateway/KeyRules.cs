namespace RedisResilience.Gateway;

/// <summary>Refuses invalid keys before Redis is asked.</summary>
internal static class KeyRules
{
    public static void ValidateAll(IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            Validate(key);
        }
    }

    public static void Validate(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > RedisKeyLimits.MaximumLength)
        {
            throw new ArgumentException(
                $"A key has at most {RedisKeyLimits.MaximumLength} characters; this one has {key.Length}.", nameof(key));
        }

        // Nearly all keys are plain ASCII, and looked at once.
        if (!key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return;
        }

        if (RedisKeyLimits.HasControlCharacter(key))
        {
            throw new ArgumentException("A key has no control characters.", nameof(key));
        }

        if (RedisKeyLimits.HasBrokenSurrogate(key))
        {
            throw new ArgumentException("A key is well-formed UTF-16: a surrogate stands without its other half.", nameof(key));
        }
    }
}
