using System.Collections.Concurrent;

namespace RedisResilience.Diagnostics;

/// <summary>
/// Keeps the first names up to a bound. All further names count as one, because a tag must have a small set of values, whatever names an
/// application uses.
/// </summary>
internal sealed class BoundedNames(int maximum)
{
    /// <summary>The name for all names beyond the bound.</summary>
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
