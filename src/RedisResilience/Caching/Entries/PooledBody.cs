using System.Buffers;

namespace RedisResilience.Caching.Entries;

/// <summary>Bytes in a pooled array. Disposing it twice does no harm.</summary>
internal sealed class PooledBody(byte[] rented, int length) : IDisposable
{
    private byte[]? _rented = rented;

    public ReadOnlyMemory<byte> Memory { get; } = rented.AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
