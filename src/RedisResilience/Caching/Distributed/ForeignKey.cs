using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RedisResilience.Caching.Distributed;

/// <summary> Makes a valid key from any text, even text from a client. Different texts never become the same key. </summary>
internal static class ForeignKey
{
    // Braces would be read as a cluster's hash tag; '%' is escaped so that no two texts become one.
    private static readonly SearchValues<char> Special = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Select(code => (char)code), '%', '{', '}']);

    /// <summary>The prefix and the escaped text. If that is still not a valid key, the text's SHA-256 replaces it.</summary>
    public static string Make(string prefix, string text)
    {
        var key = prefix + (text.AsSpan().ContainsAny(Special) ? Escape(text) : text);
        return RedisKeyLimits.IsValid(key) ? key : prefix + Hash(text);
    }

    /// <summary>The replacement of a text that is too long or not well-formed. No escaped text looks like it.</summary>
    public static string Hash(string text) => "%sha256-" + Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())));

    private static string Escape(string text) => string.Concat(text.Select(letter =>
        Special.Contains(letter) ? string.Create(CultureInfo.InvariantCulture, $"%{(int)letter:X2}") : letter.ToString()));
}
