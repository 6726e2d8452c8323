using System.Collections.Concurrent;
using RedisResilience.Gateway;
using RedisResilience.Gateway.Calls;

namespace RedisResilience.Tests.Gateway.Calls;

/// <summary>Remembers how calls ended; an answer stands there as <see cref="Fault.None"/>.</summary>
internal sealed class CallLog : ICallObserver
{
    public ConcurrentQueue<Fault> Ends { get; } = new();

    public void OnAnswered() => Ends.Enqueue(Fault.None);

    public void OnFault(Fault fault, string? command = null) => Ends.Enqueue(fault);
}
