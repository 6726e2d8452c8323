using Microsoft.Extensions.Logging;

namespace RedisResilience.Diagnostics;

/// <summary>The status when there is no connection string. Says so once, when it is made.</summary>
internal sealed class UnconfiguredRedisStatus : IRedisStatus
{
    public UnconfiguredRedisStatus(ILogger logger) => Log.NotConfigured(logger);

    public RedisStatus Current => new() { Availability = RedisAvailability.NotConfigured };

    public Task WaitUntilAvailableAsync(CancellationToken cancellationToken = default) =>
        Task.FromException(new InvalidOperationException("No Redis is configured, so there is none to wait for."));
}
