using System.Diagnostics.CodeAnalysis;

namespace RedisResilience.Gateway.Recovery;

/// <summary>Runs the repairs that must succeed before the circuit closes.</summary>
internal sealed class RecoverySteps(IRedisGateway redis)
{
    private readonly Lock _lock = new();
    private volatile IRecoveryStep[] _steps = [];

    public void Add(IRecoveryStep step)
    {
        lock (_lock)
        {
            _steps = [.. _steps, step];
        }
    }

    /// <summary>Runs them in the order in which they were added, up to the first that fails.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A step that throws has not made anything "
        + "good, and must not end the probing.")]
    public async Task<bool> RunAsync()
    {
        foreach (var step in _steps)
        {
            try
            {
                if (!await step.RunAsync(redis).ConfigureAwait(false))
                {
                    return false;
                }
            }
            catch (Exception)
            {
                return false;
            }
        }

        return true;
    }
}
