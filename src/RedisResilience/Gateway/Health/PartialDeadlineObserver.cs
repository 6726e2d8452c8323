using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;

namespace RedisResilience.Gateway.Health;

/// <summary>
/// Observes calls whose missed deadlines say little about Redis, because they had less time than a whole deadline or all went to one shard.
/// After a miss, the probe asks Redis; nothing else happens.
/// </summary>
internal sealed class PartialDeadlineObserver(ICallObserver observer, GatewayJournal journal, Action ask) : ICallObserver
{
    public void OnAnswered() => observer.OnAnswered();

    public void OnFault(Fault fault, string? command = null)
    {
        if (fault == Fault.DeadlineExceeded)
        {
            ResilienceMetrics.RecordFault(journal.Server, fault.Name());
            ask();
        }
        else
        {
            observer.OnFault(fault, command);
        }
    }
}
