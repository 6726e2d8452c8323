using RedisResilience.Diagnostics;
using RedisResilience.Gateway.Calls;

namespace RedisResilience.Gateway.Health;

/// <summary>
/// Observes calls whose misses say little about Redis, as they had less time than a deadline or all went to one shard: a miss is a reason
/// to ask, and no more.
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
