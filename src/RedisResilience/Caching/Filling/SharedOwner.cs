namespace RedisResilience.Caching.Filling;

/// <summary>A buffer of the source that several callers share. It goes back when the last of them has disposed it.</summary>
internal sealed class SharedOwner(IDisposable owner)
{
    private int _holds = 1;

    /// <summary>Makes a hold for one more caller. The caller must know that another hold still exists.</summary>
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
