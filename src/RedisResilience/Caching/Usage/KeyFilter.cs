using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RedisResilience.Caching.Usage;

/// <summary>About how many different keys there have been, in a fixed number of bits and without a list of them (B. H. Bloom, 1970).</summary>
/// <remarks>Eight bits for each expected key and four of them set: about one key in forty is taken for one that was there before. Pages come as they are needed.</remarks>
internal sealed class KeyFilter
{
    private const int BitsPerKey = 8;
    private const int BitsSet = 4;
    private const int PageLength = 512;
    private const int BitsPerPage = PageLength * 64;

    // Drawn anew for each: nobody can choose keys that are taken for each other.
    private readonly long _seed = Random.Shared.NextInt64();
    private readonly ulong[]?[] _pages;

    public KeyFilter(int expectedKeys) =>
        _pages = new ulong[]?[((long)expectedKeys * BitsPerKey / BitsPerPage) + 1];

    public bool Contains(string key)
    {
        var (place, step) = Hash(key);
        for (var bit = 0; bit < BitsSet; bit++, place += step)
        {
            var at = place % ((ulong)_pages.Length * BitsPerPage);
            if (Volatile.Read(ref _pages[at / BitsPerPage]) is not { } page || (Volatile.Read(ref page[at % BitsPerPage / 64]) & (1UL << (int)(at % 64))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when it was not there before.</summary>
    public bool Add(string key)
    {
        var (place, step) = Hash(key);
        var isNew = false;
        for (var bit = 0; bit < BitsSet; bit++, place += step)
        {
            var at = place % ((ulong)_pages.Length * BitsPerPage);
            var mask = 1UL << (int)(at % 64);
            isNew |= (Interlocked.Or(ref Page(at / BitsPerPage)[at % BitsPerPage / 64], mask) & mask) == 0;
        }

        return isNew;
    }

    private ulong[] Page(ulong number) =>
        Volatile.Read(ref _pages[number]) ?? Interlocked.CompareExchange(ref _pages[number], new ulong[PageLength], null) ?? _pages[number]!;

    private (ulong Place, ulong Step) Hash(string key)
    {
        var hash = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(key.AsSpan()), _seed);
        return ((ulong)hash, (ulong)(hash >> 64) | 1);
    }
}
