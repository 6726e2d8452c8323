namespace RedisResilience.Gateway.Calls;

/// <summary>An observer that does nothing, for the probe, which judges its own calls.</summary>
internal sealed class SilentObserver : ICallObserver
{
    public static SilentObserver Instance { get; } = new();

    public void OnAnswered()
    {
    }

    public void OnFault(Fault fault, string? command = null)
    {
    }
}
