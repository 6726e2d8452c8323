namespace RedisResilience.RateLimiting.Requests;

/// <summary>A place in a queue.</summary>
internal sealed class WaitingCall
{
    private readonly WaitLine _line;
    private volatile TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WaitingCall(WaitLine line) => (_line, Node) = (line, new LinkedListNode<WaitingCall>(this));

    public LinkedListNode<WaitingCall> Node { get; }

    /// <summary>The last denial in the queue.</summary>
    public KnownDenial Denial => _line.Denial;

    /// <summary>Ends when it may ask.</summary>
    public Task Turn => _turn.Task;

    public void Call() => _turn.TrySetResult();

    /// <summary>Its turn has passed.</summary>
    public void Wait() => _turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc cref="WaitLine.Deny"/>
    public bool Deny(KnownDenial denial) => _line.Deny(this, denial);

    /// <inheritdoc cref="WaitLine.Leave"/>
    public void Leave(int permitsLeft) => _line.Leave(this, permitsLeft);
}
