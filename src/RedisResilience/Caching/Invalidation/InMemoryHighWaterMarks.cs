using System.Collections.Concurrent;
using RedisResilience.Gateway;

namespace RedisResilience.Caching.Invalidation;

/// <summary>
/// High-water marks of this process only, for use without Redis. It keeps the marks of all sources, because there are few.
/// </summary>
internal sealed class InMemoryHighWaterMarks : IHighWaterMarks
{
    private readonly ConcurrentDictionary<string, long> _marks = new(StringComparer.Ordinal);

    public ValueTask<bool> RaiseAsync(string name, long mark, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(mark, 1);
        _marks.AddOrUpdate(name, mark, (_, stored) => Math.Max(stored, mark));
        return new ValueTask<bool>(true);
    }

    public ValueTask<long?> ReadAsync(string name, CancellationToken cancellationToken = default)
    {
        KeyRules.Validate(name);
        return new ValueTask<long?>(_marks.GetValueOrDefault(name));
    }
}
