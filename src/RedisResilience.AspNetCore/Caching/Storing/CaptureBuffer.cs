using System.Buffers;

namespace RedisResilience.AspNetCore.Caching.Storing;

/// <summary>
/// A body in one piece of pooled memory. The memory grows by doubling, and is returned when the last reader is done.
/// </summary>
internal sealed class CaptureBuffer : IDisposable
{
    private const int FirstSize = 4096;

    private byte[] _bytes = [];
    private int _readers = 1;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public Memory<byte> GetMemory(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, FirstSize), Length * 2));
            Written.CopyTo(larger);
            Return();
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

    /// <summary>Nothing of what was written is needed here any more.</summary>
    public void Clear() => Length = 0;

    public void Replace(ReadOnlySpan<byte> bytes)
    {
        Length = 0;
        bytes.CopyTo(GetMemory(bytes.Length).Span);
        Length = bytes.Length;
    }

    /// <summary>One more reader, who disposes the buffer too.</summary>
    public CaptureBuffer Share()
    {
        Interlocked.Increment(ref _readers);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            Return();
            _bytes = [];
            Length = 0;
        }
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
