using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RedisResilience.AspNetCore.RateLimiting;

/// <summary>Turns text that a client may have chosen into a key for Redis: bounded, valid, and different for different clients.</summary>
internal static class PartitionKey
{
    /// <summary>The longest key that is not hashed, in characters.</summary>
    public const int MaximumLength = 128;

    private const string AddressPrefix = "address:";
    private const string HashPrefix = "sha256:";

    // Braces choose the slot of a cluster, and that is not a client's to choose.
    private static readonly SearchValues<char> Braces = SearchValues.Create("{}");

    /// <summary>A policy's own key. Whatever is long, not clean, or looks like one of the keys made here becomes its SHA-256.</summary>
    public static string Own(string key) => IsKept(key) ? Escape(key) : HashPrefix + Hash(key);

    /// <summary>
    /// The key of a client for which a policy's function returns nothing. It is the address in a form that no other key can have.
    /// </summary>
    public static string InsteadOfOwn(string address) => AddressPrefix + address;

    /// <summary>Names a key to its client without giving it away: the Base64 of 8 bytes of its SHA-256.</summary>
    public static string Identify(string key) => Convert.ToBase64String(Digest(key).AsSpan(0, 8));

    public static string Hash(string key) => Convert.ToHexStringLower(Digest(key));

    // The UTF-16 bytes: as UTF-8 all broken surrogates would become one and the same replacement character.
    private static byte[] Digest(string key) => SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()));

    // A colon parts a policy's name from its key: one in a key could name another policy's key.
    private static string Escape(string key) => key.AsSpan().ContainsAny('%', ':')
        ? key.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)
        : key;

    private static bool IsKept(string key) =>
        key.Length <= MaximumLength
        && RedisKeyLimits.IsValid(key)
        && !key.AsSpan().ContainsAny(Braces)
        && !key.StartsWith(AddressPrefix, StringComparison.Ordinal)
        && !key.StartsWith(HashPrefix, StringComparison.Ordinal);
}
