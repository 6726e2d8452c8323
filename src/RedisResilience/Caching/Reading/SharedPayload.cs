using RedisResilience.Gateway;

namespace RedisResilience.Caching.Reading;

/// <summary>One buffer for several readers: it goes back to its pool when the last of them has let go of it.</summary>
internal sealed class SharedPayload(Payload payload, int readers)
{
    private int _readers = readers;

    /// <summary>The payload for one reader. To be called exactly as often as there are readers.</summary>
    public Payload Lend() => payload with { Owner = new Loan(this) };

    private void Return()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            payload.Owner?.Dispose();
        }
    }

    /// <summary>Never pooled: a reader who disposes twice must not give back what another has meanwhile.</summary>
    private sealed class Loan(SharedPayload lender) : IDisposable
    {
        private SharedPayload? _lender = lender;

        public void Dispose() => Interlocked.Exchange(ref _lender, null)?.Return();
    }
}
