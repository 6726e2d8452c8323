namespace RedisResilience.Tests.Gateway.Calls;

/// <summary>A reply that knows whether it was read or given back.</summary>
internal sealed class FakeReply(int value, bool isReadable = true)
{
    private int _reads;
    private int _discards;

    public int Reads => Volatile.Read(ref _reads);

    public int Discards => Volatile.Read(ref _discards);

    public bool TryRead(out int read)
    {
        Interlocked.Increment(ref _reads);
        read = value;
        return isReadable;
    }

    public void Discard() => Interlocked.Increment(ref _discards);
}
