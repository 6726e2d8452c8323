using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>The database behind the cache: counts its calls, and knows whether what a reader was given is older than an acknowledged
/// invalidation.</summary>
internal sealed class SourceOfTruth
{
    private const int BodySize = 512;

    private readonly ConcurrentDictionary<string, long> _current = new();
    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private long _calls;
    private int _atOnce;
    private int _mostAtOnce;
    private long _stale;

    public long Calls => Interlocked.Read(ref _calls);

    public long StaleReads => Interlocked.Read(ref _stale);

    /// <summary>How many of its calls were under way at once, at the most.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string key)
    {
        Interlocked.Increment(ref _calls);
        var atOnce = Interlocked.Increment(ref _atOnce);
        while (Volatile.Read(ref _mostAtOnce) is var most && most < atOnce)
        {
            Interlocked.CompareExchange(ref _mostAtOnce, atOnce, most);
        }

        await Task.Yield();
        var body = new byte[BodySize];
        BinaryPrimitives.WriteInt64LittleEndian(body, _current.GetOrAdd(key, 1));
        Interlocked.Decrement(ref _atOnce);
        return body;
    }

    /// <summary>Changes a value. Gives its version, to be acknowledged once the cache has let go of the older ones.</summary>
    public long Change(string key) => _current.AddOrUpdate(key, 2, static (_, version) => version + 1);

    public void Acknowledge(string key, long version) => _acknowledged.AddOrUpdate(key, version, (_, known) => Math.Max(known, version));

    /// <summary>The oldest version that a read which begins now may give.</summary>
    public long OldestAllowed(string key) => _acknowledged.GetValueOrDefault(key);

    public void Check(ReadOnlyMemory<byte> body, long oldestAllowed)
    {
        if (body.Length != BodySize)
        {
            throw new InvalidOperationException($"A body of {BodySize} bytes came back with {body.Length}.");
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(body.Span) < oldestAllowed)
        {
            Interlocked.Increment(ref _stale);
        }
    }
}
