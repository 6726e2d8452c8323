using System.Net;
using Microsoft.AspNetCore.Builder;
using RedisResilience.AspNetCore;
using RedisResilience.AspNetCore.RateLimiting;
using RedisResilience.RateLimiting;

namespace RedisResilience.Tests.AspNetCore.RateLimiting;

/// <summary>Several policies, of which one has its requests wait.</summary>
public sealed class WaitingPoliciesTests
{
    private static readonly FixedWindow Burst = RateLimit.FixedWindow(5, TimeSpan.FromSeconds(1));
    private static readonly FixedWindow Daily = RateLimit.FixedWindow(1000, TimeSpan.FromDays(1));

    [TestCase("burst", "patient")]
    [TestCase("patient", "burst")]
    public async Task ClientWhoLeavesWhileOneWaits_CostsNoPermitOfTheOthers(string first, string second)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", () => "").RequireRateLimit(first, second), Patient);
        app.Limiter.Wait = _ => Task.FromCanceled<RateLimitDecision>(new CancellationToken(canceled: true));

        Assert.That(async () => await app.GetAsync("/"), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(app.Limiter.Refunded.Select(refund => refund.Limit.Name), Is.EqualTo(new[] { "burst" }));
    }

    [TestCase("burst", "patient")]
    [TestCase("patient", "burst")]
    public async Task DeniedByOne_WaitsNoLongerForTheOther(string first, string second)
    {
        await using var app = await HttpApp.StartAsync(app => app.MapGet("/", () => "").RequireRateLimit(first, second), Patient);
        var denied = new TaskCompletionSource<RateLimitDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Limiter.Decide = _ => denied.Task;
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Limiter.Wait = async limit =>
        {
            waits.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, app.Limiter.Leaving);
            return FakeLimiter.Allowed(limit);
        };
        var getting = app.GetAsync("/");
        await waits.Task.WaitAsync(Patience.Limit);
        denied.SetResult(FakeLimiter.Denied(Burst, 7));

        Assert.That((await getting.WaitAsync(Patience.Limit)).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(app.Limiter.Leaving.IsCancellationRequested, Is.True);
    }

    private static void Patient(RedisResilienceHttpOptions options) =>
        options.AddPolicy("burst", Burst).AddPolicy("patient", new RateLimitPolicy(Daily) { MaximumWait = TimeSpan.FromMinutes(1) });
}
