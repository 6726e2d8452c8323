namespace RedisResilience.Gateway.Calls;

/// <summary>Learns how calls end.</summary>
internal interface ICallObserver
{
    void OnAnswered();

    void OnFault(Fault fault);
}
