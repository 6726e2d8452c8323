using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;

namespace RedisResilience.Http.Tests.RateLimiting;

/// <summary>Without a Redis no client is limited. Who has a limit that denies in an outage hears of it before the first request.</summary>
internal sealed class NotEnforcedTests
{
    [Test]
    public async Task LimitThatDenies_IsNamedAtTheStart()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddRedisResilience((string?)null);
        services.AddHttpClient("paid").AddRedisResilienceLimit("paid", Five, options => options.FailurePolicy = FailurePolicy.Deny);
        services.AddHttpClient("free").AddRedisResilienceLimit("free", Five);
        await using var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        Assert.That(
            provider.GetRequiredService<IRedisStatus>().Current.Refusal,
            Is.EqualTo("limits that deny when Redis cannot answer are not enforced: 'paid'"));
    }

    private static RateLimit Five => RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));
}
