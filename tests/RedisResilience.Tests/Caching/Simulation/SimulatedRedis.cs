using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using RedisResilience.Caching.Stores;
using RedisResilience.Tests.Caching.Reading;

namespace RedisResilience.Tests.Caching.Simulation;

/// <summary>One server for any number of simulated processes: it runs one command at a time, on a clock that a test can let go
/// on.</summary>
internal sealed class SimulatedRedis
{
    private readonly ConcurrentDictionary<string, byte> _keys = new(StringComparer.Ordinal);

    public SimulatedRedis(FakeTimeProvider? clock = null)
    {
        Clock = clock ?? new FakeTimeProvider(Begin);
        Store = new InMemoryEntryStore(Clock, maximumSize: long.MaxValue);
    }

    public static DateTimeOffset Begin { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; }

    public InMemoryEntryStore Store { get; }

    /// <summary>All keys that stand.</summary>
    public IEnumerable<string> Keys => _keys.Keys.Where(
        key => Store.ReadAsync(key, withTimeToLive: false, default).AsTask().GetAwaiter().GetResult().Value.Payload.Exists);

    /// <summary>Whether versions are kept twice; false shows what that is for.</summary>
    public bool HasCopies { get; init; } = true;

    /// <summary>Whether a fill is stored only under a lease that stands; false shows what the lease is for.</summary>
    public bool IsFenced { get; init; } = true;

    /// <summary>A key is about to be written.</summary>
    public void Note(string key) => _keys.TryAdd(key, 0);
}
