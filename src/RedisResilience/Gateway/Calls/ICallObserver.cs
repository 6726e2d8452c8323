namespace RedisResilience.Gateway.Calls;

/// <summary>Observes how calls end.</summary>
internal interface ICallObserver
{
    void OnAnswered();

    /// <param name="fault">Why there is no answer.</param>
    /// <param name="command">The name of the command.</param>
    void OnFault(Fault fault, string? command = null);
}
