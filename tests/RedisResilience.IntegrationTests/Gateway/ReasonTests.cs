using Microsoft.Extensions.DependencyInjection;
using RedisResilience.Diagnostics;
using RedisResilience.Gateway;
using RedisResilience.IntegrationTests.Servers;
using RedisResilience.RateLimiting;

namespace RedisResilience.IntegrationTests.Gateway;

/// <summary>Servers that do not do as they are asked: what people are told.</summary>
public sealed class ReasonTests
{
    [Test]
    public async Task EchoDisabled_IsToldAsThat([Values] bool isRenamed)
    {
        await using var server = await TestServer.StartAsync(
            ServerKind.Redis, null, isRenamed
                ? ["--rename-command", "ECHO", ""]
                : ["--user", "app", "on", ">word", "~*", "&*", "+@all", "-echo"]);
        await using var services = Connect(isRenamed ? server.ConnectionString : $"{server.ConnectionString},user=app,password=word");

        await UntilReasonAsync(services, Fault.HandshakeRefused);
    }

    [Test]
    public async Task SentinelPasswordMissing_IsToldAsThat()
    {
        await using var trio = await SentinelTrio.StartAsync("hunter2");
        await using var services = Connect(trio.ConnectionString);
        await UntilReasonAsync(services, Fault.SentinelAuthenticationFailed);

        await using var right = Connect($"{trio.ConnectionString},sentinelPassword=hunter2");
        await right.GetRequiredService<IRedisStatus>().UntilAvailableAsync();
    }

    [Test]
    public async Task ServiceThatSentinelsDoNotKnow_IsToldAsThat()
    {
        await using var trio = await SentinelTrio.StartAsync();
        await using var services = Connect(trio.ConnectionString.Replace("serviceName=", "serviceName=not-", StringComparison.Ordinal));

        await UntilReasonAsync(services, Fault.PrimaryUnknown);
    }

    [TestCase("-evalsha", "EVALSHA")]
    [TestCase("-@write", "within EVALSHA")]
    [TestCase("resetkeys ~other:*", "a key of EVALSHA: it needs ~app:* and ~{app:*")]
    public async Task RefusedCommandOrKey_IsNamedByLogAndStatus(string rules, string told)
    {
        await using var server = await TestServer.StartAsync(
            ServerKind.Redis, null, ["--user", "app", "on", ">word", "~*", "&*", "+@all", .. rules.Split(' ')]);
        await using var services = Connect($"{server.ConnectionString},user=app,password=word");
        var status = services.GetRequiredService<IRedisStatus>();
        await status.UntilAvailableAsync();

        await services.GetRequiredService<IRateLimiter>().AcquireAsync("alice", RateLimit.FixedWindow(1, TimeSpan.FromHours(1)));

        Assert.That(status.Current.Availability, Is.EqualTo(RedisAvailability.Available));
        Assert.That(status.Current.Refusal, Does.Contain(told));
        Assert.That(
            services.GetFakeLogCollector().GetSnapshot().Single(record => record.Id.Id == Log.RefusedId).Message, Does.Contain(told));
    }

    private static ServiceProvider Connect(string connectionString) => new ServiceCollection().AddFakeLogging()
        .AddRedisResilience(connectionString, options => options.KeyPrefix = "app:").Services.BuildServiceProvider();

    private static async Task UntilReasonAsync(ServiceProvider services, Fault expected)
    {
        var status = services.GetRequiredService<IRedisStatus>();
        await Until.TrueAsync(
            () => status.Current.Reason == expected.Describe(), () =>
                $"The reason is '{status.Current.Reason}' and not '{expected.Describe()}'.");
        Assert.That(services.GetFakeLogCollector().GetSnapshot().Select(record => record.Message), Has.Some.Contains(expected.Describe()));
    }
}
