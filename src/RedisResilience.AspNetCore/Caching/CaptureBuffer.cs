using System.Buffers;

namespace RedisResilience.AspNetCore.Caching;

/// <summary>A body in one piece, as the cache wants it, in pooled memory that grows by doubling.</summary>
internal sealed class CaptureBuffer : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public Memory<byte> GetMemory(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, FirstSize), Length * 2));
            Written.CopyTo(larger);
            Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(Length);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    public void Dispose()
    {
        Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
