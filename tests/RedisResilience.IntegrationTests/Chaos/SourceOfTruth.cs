using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace RedisResilience.IntegrationTests.Chaos;

/// <summary>The database behind the cache: counts its calls, and knows whether what a reader was given is older than an acknowledged invalidation.</summary>
internal sealed class SourceOfTruth
{
    private const int BodySize = 512;

    private readonly ConcurrentDictionary<string, long> _current = new();
    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private long _calls;
    private long _stale;

    public long Calls => Interlocked.Read(ref _calls);

    public long StaleReads => Interlocked.Read(ref _stale);

    public ReadOnlyMemory<byte>? Read(string key)
    {
        Interlocked.Increment(ref _calls);
        var body = new byte[BodySize];
        BinaryPrimitives.WriteInt64LittleEndian(body, _current.GetOrAdd(key, 1));
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
