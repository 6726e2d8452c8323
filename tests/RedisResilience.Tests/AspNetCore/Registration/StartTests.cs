using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RedisResilience.Tests.AspNetCore.Registration;

public sealed class StartTests
{
    [Test]
    public void UnknownPolicy_StopsTheStart() =>
        Assert.That(
            async () => await HttpApp.StartAsync(app => app.MapGet("/", () => "").RequireRateLimit("nowhere")),
            Throws.InvalidOperationException.With.Message.Contains("'nowhere'"));

    [Test]
    public void LimitedEndpointWithoutMiddleware_StopsTheStart() =>
        Assert.That(
            async () => await HttpApp.StartAsync(app => app.MapGet("/", () => "").RequireRateLimit(), middleware: false),
            Throws.InvalidOperationException.With.Message.Contains("UseRedisResilience"));

    [TestCase(0, 1, 1)]
    [TestCase(1, 0, 1)]
    [TestCase(1, 1, 0)]
    public void OptionsOutOfRange_StopTheStart(int permits, int windowSeconds, int ttlSeconds) =>
        Assert.That(
            async () => await HttpApp.StartAsync(_ => { }, options =>
            {
                options.Permits = permits;
                options.Window = TimeSpan.FromSeconds(windowSeconds);
                options.TimeToLive = TimeSpan.FromSeconds(ttlSeconds);
            }),
            Throws.TypeOf<OptionsValidationException>());

    [Test]
    public void CoreNotAdded_SaysWhatToCall()
    {
        var builder = WebApplication.CreateSlimBuilder();
        using var app = (IDisposable)builder.Build();

        Assert.That(() =>
            ((WebApplication)app).UseRedisResilience(), Throws.InvalidOperationException.With.Message.Contains("AddRedisResilience(...)"));
    }

    [Test]
    public void HttpNotAdded_SaysWhatToCall()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddRedisResilience(connectionString: null);
        using var app = (IDisposable)builder.Build();

        Assert.That(() => ((WebApplication)app).UseRedisResilience(), Throws.InvalidOperationException.With.Message.Contains(
            "AddRedisResilience(...).AddHttp(...)"));
    }

    [Test]
    public async Task ChangedConfiguration_HoldsFromTheNextRequestUnlessItIsNotValid()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Permits", "7"), new("Window", "00:01:00")]).Build();
        await using var app = await HttpApp.StartAsync(
            app => app.MapGet("/", () => "").RequireRateLimit(), section: configuration);

        Assert.That(await Policy(), Is.EqualTo("\"default\";q=7;w=60"));
        configuration["Permits"] = "8";
        configuration.Reload();
        Assert.That(await Policy(), Is.EqualTo("\"default\";q=8;w=60"));
        foreach (var wrong in new[] { "-1", "many" })
        {
            configuration["Permits"] = wrong;
            configuration.Reload();
            Assert.That(await Policy(), Is.EqualTo("\"default\";q=8;w=60"));
        }

        async Task<string?> Policy() => (await app.GetAsync("/")).Field("RateLimit-Policy");
    }
}
