using System.Buffers.Binary;
using StackExchange.Redis;

namespace RedisResilience.Gateway;

/// <summary>The integers that a script takes with every call, packed once. Two values with the same integers are equal.</summary>
internal readonly struct ScriptConstants : IEquatable<ScriptConstants>
{
    private readonly long[]? _values;

    public ScriptConstants(params long[] values)
    {
        _values = values;
        var packed = new byte[values.Length * sizeof(long)];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(index * sizeof(long)), values[index]);
        }

        Packed = packed;
    }

    public ReadOnlySpan<long> Values => _values;

    /// <summary>
    /// All integers as one argument, for <c>struct.unpack</c>. One more argument would cost the server as much as all the integers in one.
    /// </summary>
    public ReadOnlyMemory<byte> Packed { get; }

    /// <summary>The arguments of a call without others: one, or none if there are no constants.</summary>
    public RedisValue[] Alone => Packed.IsEmpty ? [] : [Packed];

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
