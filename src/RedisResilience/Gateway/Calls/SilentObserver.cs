namespace RedisResilience.Gateway.Calls;

/// <summary>For the probe, which draws its own conclusions.</summary>
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
