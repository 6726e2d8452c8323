namespace RedisResilience.RateLimiting.Requests;

/// <summary>
/// The callers who wait for permits of one key, in the order in which they came. The first one asks. When a grant leaves permits, as many
/// more callers may ask.
/// </summary>
/// <param name="gate">The lock, which all queues share. The caller holds it, or it is taken here.</param>
/// <param name="close">Called when the last caller has left.</param>
/// <param name="first">The denial of the first caller.</param>
internal sealed class WaitLine(Lock gate, Action close, KnownDenial first)
{
    private readonly LinkedList<WaitingCall> _calls = [];

    /// <summary>The denial of the last caller who asked.</summary>
    public KnownDenial Denial { get; set; } = first;

    /// <summary>The last place. Under the gate.</summary>
    public WaitingCall Join()
    {
        var call = new WaitingCall(this);
        _calls.AddLast(call.Node);
        if (_calls.Count == 1)
        {
            call.Call();
        }

        return call;
    }

    /// <summary>One has been denied: unless it is the first, it waits to be called again.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool Deny(WaitingCall call, KnownDenial denial)
    {
        lock (gate)
        {
            Denial = denial;
            var isFirst = _calls.First == call.Node;
            if (!isFirst)
            {
                call.Wait();
            }

            return isFirst;
        }
    }

    /// <summary>A caller leaves. The next caller is called, and more of them if permits are left.</summary>
    public void Leave(WaitingCall call, int permitsLeft)
    {
        lock (gate)
        {
            _calls.Remove(call.Node);
            var next = _calls.First;
            for (var called = 0; next is not null && called < Math.Max(1, permitsLeft); called++, next = next.Next)
            {
                next.Value.Call();
            }

            if (_calls.Count == 0)
            {
                close();
            }
        }
    }
}
