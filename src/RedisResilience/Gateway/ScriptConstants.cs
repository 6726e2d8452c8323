using System.Buffers.Binary;

namespace RedisResilience.Gateway;

/// <summary>Integers that a script takes with every call, made once. Equal when the integers are.</summary>
internal readonly struct ScriptConstants : IEquatable<ScriptConstants>
{
    // MessagePack's sign of an integer of eight bytes.
    private const byte Int64 = 0xd3;

    private readonly long[]? _values;

    public ScriptConstants(params long[] values)
    {
        const int Length = 1 + sizeof(long);
        _values = values;
        var packed = new byte[values.Length * Length];
        for (var index = 0; index < values.Length; index++)
        {
            packed[index * Length] = Int64;
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan((index * Length) + 1), values[index]);
        }

        Packed = packed;
    }

    public ReadOnlySpan<long> Values => _values;

    /// <summary>All of them as one argument, for <c>cmsgpack.unpack</c>: to a server, each argument more costs as much as all the numbers in one.</summary>
    public ReadOnlyMemory<byte> Packed { get; }

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
