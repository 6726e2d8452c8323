using RedisResilience.Diagnostics;

namespace RedisResilience.IntegrationTests.Servers;

/// <summary>Waits for what the library has noticed, and not for ever.</summary>
internal static class RedisStatusExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task UntilAvailableAsync(this IRedisStatus status)
    {
        using var patience = new CancellationTokenSource(Patience);
        await status.WaitUntilAvailableAsync(patience.Token);
    }

    public static async Task UntilUnavailableAsync(this IRedisStatus status)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (status.Current.Availability != RedisAvailability.Unavailable)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }
}
