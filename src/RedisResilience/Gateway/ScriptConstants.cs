namespace RedisResilience.Gateway;

/// <summary>Integers that a script takes with every call, made once. Equal when the integers are.</summary>
internal readonly struct ScriptConstants(params long[] values) : IEquatable<ScriptConstants>
{
    private readonly long[] _values = values;

    public ReadOnlySpan<long> Values => _values;

    public bool Equals(ScriptConstants other) => Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is ScriptConstants other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
