using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RedisResilience.Diagnostics;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Outages;

/// <summary>A service starts and answers whatever Redis does, and says why it goes on without it.</summary>
public sealed class StartTests
{
    private static readonly FixedWindow Limit = RateLimit.FixedWindow(10, TimeSpan.FromMinutes(1));

    // Resolving, connecting in the background and the first calls: measured elsewhere as 5 to 21 s, here it is code being compiled.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(4);

    [Test]
    public async Task NothingListens_TheFirstCallsCostNothing_AndRedisIsUsedWhenItAppears([Values] ServerKind kind)
    {
        await using var server = TestServer.NotStarted(kind);
        await using var service = await StartAndCallAsync(server.ConnectionString, Patient);
        await service.UntilUnavailableAsync();
        await Until.TrueAsync(
            () => service.Status.Current.Reason == "connection refused", () => $"It is away, and why is said as: {service.Status.Current}");

        await server.StartAsync();
        await service.UntilAvailableAsync();

        Assert.That((await service.Limiter.AcquireAsync("key", Limit)).Source, Is.EqualTo(DecisionSource.Redis));
        // It may have been told once more, when it was known better why.
        Assert.That(service.Events.Distinct(), Is.EqualTo(new[] { Log.UnavailableId, Log.AvailableId }));
    }

    [Test]
    public async Task WrongPassword_TheCallsGoOnAndTheReasonIsSaidWithoutThePassword([Values] ServerKind kind)
    {
        await using var server = await TestServer.StartAsync(kind, password: "right");
        await using var service = await StartAndCallAsync($"redis://:hunter2@{server.ConnectionString}/0");

        await service.UntilUnavailableAsync();

        await Until.TrueAsync(
            () => service.Status.Current.Reason?.StartsWith("authentication failed", StringComparison.Ordinal) == true,
            () => $"It is away, and why is said as: {service.Status.Current}");
        Assert.That(service.Logs.GetSnapshot().Select(record => record.Message), Has.None.Contains("hunter2").And.None.Contains("right"));
        Assert.That(service.Events.Distinct(), Is.EqualTo(new[] { Log.UnavailableId }));
    }

    [Test]
    public async Task RightPassword_IsUsed([Values] ServerKind kind, [Values("hunter2", "p@ss:w/rd%+")] string password)
    {
        await using var server = await TestServer.StartAsync(kind, password);
        await using var service = await ResilientService.ConnectAsync(
            $"redis://default:{Uri.EscapeDataString(password)}@{server.ConnectionString}", Patient);

        Assert.That((await service.Limiter.AcquireAsync("key", Limit)).Source, Is.EqualTo(DecisionSource.Redis));
    }

    [Test]
    public async Task AcceptsAndNeverAnswers_TheFirstCallsCostNothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var service = await StartAndCallAsync($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        await service.UntilUnavailableAsync();
    }

    [Test]
    public async Task NameThatDoesNotResolve_TheFirstCallsCostNothing()
    {
        await using var service = await StartAndCallAsync("no-such-host.invalid:6379");

        await service.UntilUnavailableAsync();

        Assert.That(service.Status.Current.Reason, Is.EqualTo("the host name does not resolve"));
    }

    [Test]
    public async Task DisposedInTheMiddleOfConnecting_DoesNotWait()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var service = await StartAndCallAsync($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        var began = Stopwatch.GetTimestamp();
        await service.DisposeAsync();

        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Bound));
        Assert.That((await service.Limiter.AcquireAsync("key", Limit)).IsAllowed, Is.True);
    }

    // Then no busy machine makes a Redis that answers look away.
    private static void Patient(RedisResilienceOptions options) =>
        options.CommandDeadline = options.MaximumCommandDeadline = TimeSpan.FromSeconds(10);

    private static async Task<ResilientService> StartAndCallAsync(
        string connectionString, Action<RedisResilienceOptions>? configure = null)
    {
        var began = Stopwatch.GetTimestamp();
        var service = new ResilientService(connectionString, configure);
        for (var call = 0; call < 100; call++)
        {
            Assert.That((await service.Limiter.AcquireAsync("key", Limit)).IsAllowed, Is.True);
            using var miss = await service.Cache.GetAsync("key");
            Assert.That(miss.HasBody, Is.False);
        }

        var elapsed = Stopwatch.GetElapsedTime(began);
        TestContext.Out.WriteLine($"registered, resolved and called 200 times in {elapsed.TotalMilliseconds:0} ms");
        Assert.That(elapsed, Is.LessThan(Bound));
        return service;
    }
}
