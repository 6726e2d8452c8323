using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisResilience.Diagnostics;

namespace RedisResilience.Registration;

/// <summary>
/// Begins to connect when the host starts, so that the first call need not wait. The start waits only for a required Redis.
/// </summary>
internal sealed class ConnectionStarter(IServiceProvider services, IEnumerable<RedisRegistration> registrations, TimeProvider timeProvider)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var waits = registrations
            .Select(registration => (Registration: registration, Status: services.GetRequiredKeyedService<IRedisStatus>(registration.Name)))
            .ToList()
            .Where(redis => redis.Registration.RequiredWithin is not null)
            .Select(redis => WaitAsync(redis.Registration, redis.Status, cancellationToken));
        await Task.WhenAll(waits).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WaitAsync(RedisRegistration registration, IRedisStatus status, CancellationToken cancellationToken)
    {
        var which = registration.Name is { } name ? $"Redis '{name}'" : "Redis";
        if (!registration.IsConfigured)
        {
            throw new InvalidOperationException(
                $"{which} is required (RequireRedis), and none is configured: the connection string is missing or blank.");
        }

        var within = registration.RequiredWithin!.Value;
        try
        {
            await status.WaitUntilAvailableAsync(cancellationToken).WaitAsync(within, timeProvider, cancellationToken).ConfigureAwait(
                false);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(
                $"{which} is required (RequireRedis), and was not there within {within}: "
                    + $"{status.Current.Reason ?? "it is being connected to"}.");
        }
    }
}
