using System.Buffers;

namespace RedisResilience.Mongo.Json;

/// <summary>JSON in a pooled buffer. Dispose it once, after its last use.</summary>
internal sealed class JsonBody(byte[] buffer, int length) : IMemoryOwner<byte>
{
    private byte[]? _buffer = buffer;

    public Memory<byte> Memory => new(_buffer ?? throw new ObjectDisposedException(nameof(JsonBody)), 0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
