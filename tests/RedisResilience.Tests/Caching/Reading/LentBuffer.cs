namespace RedisResilience.Tests.Caching.Reading;

/// <summary>A buffer that is overwritten when it is given back, as a pool's next user would, and that counts how often that
/// happens.</summary>
internal sealed class LentBuffer(byte[] content) : IDisposable
{
    private int _returns;

    public int Returns => Volatile.Read(ref _returns);

    public ReadOnlyMemory<byte> Memory { get; } = content;

    public void Dispose()
    {
        Interlocked.Increment(ref _returns);
        Array.Fill(content, (byte)0xDD);
    }
}
