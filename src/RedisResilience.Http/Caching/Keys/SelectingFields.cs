using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using RedisResilience.HttpSemantics;

namespace RedisResilience.Http.Caching.Keys;

/// <summary>What a request says in the fields that <c>Vary</c> names.</summary>
internal static class SelectingFields
{
    /// <summary>A hash of names and values: two requests have the same when they select the same response. Never zero, which is that of no
    /// names.</summary>
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
