using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Keys;

/// <summary>Hashes a request's fields that <c>Vary</c> names.</summary>
internal static class SelectingFields
{
    /// <summary>A hash of names and values. Two requests that select the same response have the same hash. Zero stands for no names, and is
    /// never returned.</summary>
    public static UInt128 Hash(HttpRequestHeaders headers, IReadOnlyList<string> names)
    {
        var text = new StringBuilder();
        foreach (var name in names)
        {
            text.Append(name).Append(headers.Has(name) ? ':' : ';').Append(VaryField.Normalize(name, headers.Lines(name))).Append('\n');
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash) | 1;
    }
}
