using System.Collections.Concurrent;

namespace RedisResilience.Diagnostics;

/// <summary>The first so many names that were used; all others are one. A tag has to stay a small set, whatever an application makes names
/// of.</summary>
internal sealed class BoundedNames(int maximum)
{
    /// <summary>What stands for all names beyond the bound.</summary>
    public const string Other = "(other)";

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _count;

    public string Of(string name) => Find(name) ?? Add(name);

    /// <inheritdoc cref="Of(string)"/>
    public string Of(ReadOnlySpan<char> name) => Find(name) ?? Add(name.ToString());

    private string? Find(ReadOnlySpan<char> name) =>
        _names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known) ? known
        : Volatile.Read(ref _count) >= maximum ? Other
        : null;

    private string Add(string name) => Interlocked.Increment(ref _count) > maximum ? Other : _names.GetOrAdd(name, name);
}
