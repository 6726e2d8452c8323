using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using RedisResilience.AspNetCore;
using RedisResilience.Diagnostics;
using RedisResilience.RateLimiting;
using Log = RedisResilience.Diagnostics.Log;

namespace RedisResilience.Tests.AspNetCore.Registration;

/// <summary>Without a Redis nobody is limited. Who has a limit that denies in an outage hears of it before the first request.</summary>
public sealed class NotEnforcedTests
{
    private static readonly RateLimit Five = RateLimit.FixedWindow(5, TimeSpan.FromMinutes(1));

    [Test]
    public async Task LimitThatDenies_IsNamedAtTheStart()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddFakeLogging();
        builder.Services.AddRedisResilience((string?)null).AddHttp();
        await using var app = builder.Build();
        app.UseRedisResilience();
        app.MapGet("/login", () => "").RequireRateLimit(Five with { Name = "login", FailurePolicy = FailurePolicy.Deny });
        app.MapGet("/search", () => "").RequireRateLimit(Five with { Name = "search" });
        await app.StartAsync();

        var told = app.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == Log.NotEnforcedId);
        Assert.That(told.Select(record => record.GetStructuredStateValue("Limit")), Is.EqualTo(new[] { "login" }));
        Assert.That(app.Services.GetRequiredService<IRedisStatus>().Current.Refusal, Does.Contain("'login'"));
    }

    [Test]
    public async Task PolicyThatDeniesFromNowOn_IsNamedWhenItIsChanged()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Policies:login:Permits", "5"), new("Policies:login:Window", "00:01:00")]).Build();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddRedisResilience((string?)null).AddHttp(configuration);
        await using var app = builder.Build();
        app.UseRedisResilience();
        app.MapGet("/", () => "").RequireRateLimit("login");
        await app.StartAsync();
        var status = app.Services.GetRequiredService<IRedisStatus>();
        Assert.That(status.Current.Refusal, Is.Null);

        configuration["Policies:login:FailurePolicy"] = "Deny";
        configuration.Reload();
        Assert.That(status.Current.Refusal, Does.EndWith("are not enforced: 'login'"));
    }
}
