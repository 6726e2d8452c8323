namespace RedisResilience.Caching.Filling;

/// <summary>One buffer of the source for all who were given it: it goes back when the last of them has let go of it.</summary>
internal sealed class SharedOwner(IDisposable owner)
{
    private int _holds = 1;

    /// <summary>A hold of its own for one more caller. The caller must know that somebody still has one.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holds);
        return new Loan(this);
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            SourceBuffer.Return(owner);
        }
    }

    private sealed class Loan(SharedOwner lender) : IDisposable
    {
        private SharedOwner? _lender = lender;

        public void Dispose() => Interlocked.Exchange(ref _lender, null)?.Release();
    }
}
